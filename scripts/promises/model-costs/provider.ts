import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Asked, Books, Given } from "./books.ts";

// A model server in OpenAI's shape that says what was in the cache and what was thought, and that breaks off at any point.

/** What became of a request. */
type Fate = "answered" | "answered, then cut" | "cut" | "refused" | "failed";

export interface Provider {
  readonly origin: string;
  close(): Promise<void>;
}

const SHARES: readonly (readonly [fate: Fate, share: number])[] = [
  ["refused", 0.06],
  ["failed", 0.05],
  ["cut", 0.04],
  ["answered, then cut", 0.1],
];

const LONGEST_MS = 25;

interface Request extends Asked {
  readonly stream?: boolean;
}

/** `connection`: the name under which the server asks it. */
export async function startProvider(books: Books, connection: string): Promise<Provider> {
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(await bodyOf(request)) as Request;
    const { text, given } = books.answerTo(asked, connection, true);
    const fate = fateOf(asked);
    await new Promise((resolve) => setTimeout(resolve, books.random() * LONGEST_MS));
    await told(response, fate, () => say(response, { asked, given, text, fate }));
    if (fate.startsWith("answered")) books.write(given);
  }

  /** Whoever does not stream gets the counts in the one piece that an answer is. */
  function fateOf({ stream }: Request): Fate {
    let left = books.random();
    for (const [fate, share] of SHARES) {
      left -= share;
      if (left < 0) return fate === "answered, then cut" && stream !== true ? "cut" : fate;
    }
    return "answered";
  }

  const server = createServer((request, response) => {
    void reply(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Resolves when the other side has all of it, rejects when it has gone before: then nobody was told anything. */
function told(response: ServerResponse, fate: Fate, say: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (fate.startsWith("answered")) response.once("finish", resolve).once("close", () => reject(new Error("gone")));
    say();
    if (!fate.startsWith("answered")) resolve();
  });
}

interface Said {
  readonly asked: Request;
  readonly given: Given;
  readonly text: string;
  readonly fate: Fate;
}

function say(response: ServerResponse, { asked, given, text, fate }: Said): void {
  const { model } = asked;
  if (fate === "refused") {
    response.writeHead(429, { "Content-Type": "application/json", "retry-after-ms": "2" }).end('{"error":{"message":"slow down"}}');
    return;
  }
  if (fate === "failed") {
    response.writeHead(500, { "Content-Type": "application/json" }).end('{"error":{"message":"broken"}}');
    return;
  }
  const about = { id: "c1", created: 1, model };
  if (asked.stream !== true) {
    const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
    const body = JSON.stringify({ ...about, object: "chat.completion", choices, usage: usageOf(given) });
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
    if (fate === "cut") response.write(body.slice(0, 20), () => response.destroy());
    else response.end(body);
    return;
  }
  const event = (delta: object, finish: string | null, more = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`,
    );
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const piece of [text.slice(0, 5), text.slice(5)]) event({ content: piece }, null);
  if (fate === "cut") {
    response.socket?.end();
    return;
  }
  if (fate === "answered, then cut") {
    // The usage is told, and the end never comes.
    event({}, null, { usage: usageOf(given) });
    response.end();
    return;
  }
  event({}, "stop");
  response.write(`data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices: [], usage: usageOf(given) })}\n\n`);
  response.end("data: [DONE]\n\n");
}

function usageOf({ inputTokens, outputTokens, cachedTokens, reasoningTokens }: Given): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
