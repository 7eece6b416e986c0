import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { ChatCall } from "@millrace/nodes";
import type { ProviderCall } from "#models/provider";
import { providerAt } from "#testing/model-server";

/** A model of each provider's wire. */
export const MODELS: { readonly [provider: string]: string } = {
  openai: "gpt-4o",
  anthropic: "claude-sonnet-4-5",
  google: "gemini-2.5-flash",
  "openai-compatible": "qwen3:8b",
};

/** A chat of one word. */
export function callOf(provider: string, call: Partial<ProviderCall<ChatCall>> = {}): ProviderCall<ChatCall> {
  const messages = [{ role: "user", parts: [{ type: "text", text: "hello" }] }] as const;
  return { model: MODELS[provider] ?? "", messages, signal: new AbortController().signal, timeoutMs: null, ...call };
}

/** What the work fails with: one of the two errors, or the test fails. */
export async function failureOf(work: Promise<unknown>): Promise<TerminalError | RetryableError> {
  const error = await work.then(
    () => assert.fail("it succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof TerminalError || error instanceof RetryableError, String(error));
  return error;
}

/** A server that plays what it is given, and keeps the answers that it began. */
export async function startPlayer(play: (answer: ServerResponse) => void) {
  const began: ServerResponse[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, answer) => {
    request.resume().on("end", () => {
      began.push(answer);
      play(answer);
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const arrived = async () => {
    while (began.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return began[0] as ServerResponse;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    began,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Asks a provider for a chat that is answered like this. */
export async function played(
  provider: string,
  play: (answer: ServerResponse) => void,
  call: Partial<ProviderCall<ChatCall>> = {},
  settings = {},
) {
  const player = await startPlayer(play);
  const opened = await providerAt(player.url, provider, settings);
  try {
    return await opened.provider.chat(callOf(provider, call));
  } finally {
    await opened.close();
    await player.close();
  }
}

/** An answer of JSON. */
export const refusing = (status: number, body: unknown, headers: { readonly [name: string]: string } = {}) => {
  return (answer: ServerResponse) => answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

/** Begins an answer of server-sent events. */
export const events = (answer: ServerResponse, ...chunks: readonly unknown[]) => {
  answer.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of chunks) answer.write(`data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`);
  return answer;
};
