import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

/** A model server in OpenAI's shape that begins every answer and ends none. */
export interface EndlessModel {
  readonly origin: string;
  /** The answer to this step (`STEP name` in its prompt), once it has begun. */
  answering(step: string): Promise<ServerResponse>;
  close(): Promise<void>;
}

const PIECE_MS = 20;

export async function startEndlessModel(): Promise<EndlessModel> {
  const begun = new Map<string, PromiseWithResolvers<ServerResponse>>();
  const of = (step: string) => {
    const known = begun.get(step) ?? Promise.withResolvers<ServerResponse>();
    begun.set(step, known);
    return known;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [, step = ""] = /STEP ([\w-]+)/.exec(Buffer.concat(chunks).toString("utf8")) ?? [];
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      const delta = { id: "1", created: 1, model: "m", choices: [{ index: 0, delta: { role: "assistant", content: "on " } }] };
      const timer = setInterval(() => response.write(`data: ${JSON.stringify(delta)}\n\n`), PIECE_MS);
      response.once("close", () => clearInterval(timer));
      of(step).resolve(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answering: (step) => of(step).promise,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Milliseconds until the other side has closed the connection of this answer; null: longer than `most`. */
export async function closedAfter(response: ServerResponse, most: number): Promise<number | null> {
  const began = performance.now();
  if (response.destroyed) return 0;
  const closed = await Promise.race([once(response, "close"), pause(most, null, { ref: false })]);
  return closed === null ? null : performance.now() - began;
}
