import { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "@millrace/contract";
import type { Asked, Books, Given } from "./books.ts";

// A model server of another make, on the wires of OpenAI (both), Anthropic and Google. What it counts is told by the books.

const SHARES = { refused: 0.05, failed: 0.05, cut: 0.05, slow: 0.05 };
const MS_BETWEEN_CHUNKS = 2;

const bearer = { type: "bearer", value: "sk-counted" };
const header = (name: string) => ({ type: "header", name, value: "sk-counted" });

/** What connects to it, and the one model of each connection. */
export const PACKAGED: { readonly [connection: string]: { readonly model: string; readonly body: JsonObject } } = {
  responses: { model: "gpt-4o", body: { provider: "openai", credential: bearer } },
  chat: { model: "gpt-4o-mini", body: { provider: "openai", credential: bearer, settings: { api: "chat" } } },
  claude: { model: "claude-sonnet-4-5", body: { provider: "anthropic", credential: header("x-api-key") } },
  gemini: { model: "gemini-2.5-flash", body: { provider: "google", credential: header("x-goog-api-key") } },
};

export interface PackagedServer {
  readonly origin: string;
  close(): Promise<void>;
}

export async function startPackagedServer(books: Books): Promise<PackagedServer> {
  const server = new LLMock({ port: 0, chunkSize: 4, logLevel: "silent" });
  const connectionOf = (model: string) => Object.entries(PACKAGED).find(([, one]) => one.model === model)?.[0] ?? "unknown";
  const asked = (request: Asked) => books.answerTo(request, connectionOf(request.model), false);
  const answer = (request: Asked) => {
    const { text, given } = asked(request);
    books.write(given);
    return { content: text, usage: usageOf(given) };
  };
  const refusal = (status: number, message: string) => (request: Asked) => {
    asked(request);
    return { error: { message }, status, retryAfter: 0 };
  };
  const isOneOf = (share: number) => books.random() < share;
  server.on({ predicate: () => isOneOf(SHARES.refused) }, refusal(429, "slow down"));
  server.on({ predicate: () => isOneOf(SHARES.failed) }, refusal(500, "broken"));
  const cut = (request: Asked) => isOneOf(SHARES.cut) && asked(request).text !== "";
  server.on({ predicate: cut }, { content: "" }, { chaos: { disconnectRate: 1 } });
  server.on({ predicate: () => isOneOf(SHARES.slow) }, answer, { latency: MS_BETWEEN_CHUNKS });
  server.on({}, answer);
  await server.start();
  return { origin: server.url, close: () => server.stop() };
}

/** In the words of each wire. */
function usageOf({ inputTokens, outputTokens }: Given): { readonly [name: string]: number } {
  return {
    ...{ prompt_tokens: inputTokens, completion_tokens: outputTokens },
    ...{ input_tokens: inputTokens, output_tokens: outputTokens },
    ...{ promptTokenCount: inputTokens, candidatesTokenCount: outputTokens },
  };
}
