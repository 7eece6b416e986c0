import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@millrace/contract";

/** Somebody on loopback who counts what is asked, and answers when the test says so. */
export interface Counter {
  /** Paths, in the order in which they were asked for. */
  readonly asked: string[];
  /** Paths whose answer waits, in order. */
  readonly waiting: string[];
  /** Status of the answers to come. */
  status: number;
  /** Blanks in the answers to come. */
  padding: number;
  /** True: answers wait for `answerNext`. */
  holds: boolean;
  /** Answers the request that has waited longest. */
  answerNext(): void;
  /** Resolves once so many requests wait. */
  whenWaiting(count: number): Promise<void>;
  node(id: string, path: string, more?: JsonObject): JsonObject;
  close(): void;
}

export async function startCounter(): Promise<Counter> {
  const held: { path: string; response: ServerResponse }[] = [];
  const listeners = new Set<() => void>();
  const answer = (path: string, response: ServerResponse, count: number): void => {
    const { authorization = null } = response.req.headers;
    const body = { path, count, authorization, padding: " ".repeat(counter.padding) };
    response.writeHead(counter.status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const path = String(request.url);
    counter.asked.push(path);
    if (!counter.holds) return answer(path, response, counter.asked.length);
    held.push({ path, response });
    response.on("close", () => {
      const at = held.findIndex((one) => one.response === response);
      if (at >= 0) held.splice(at, 1);
      for (const listener of listeners) listener();
    });
    for (const listener of listeners) listener();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const counter: Counter = {
    asked: [],
    get waiting() {
      return held.map(({ path }) => path);
    },
    status: 200,
    padding: 0,
    holds: false,
    answerNext: () => {
      const next = held.shift();
      if (next) answer(next.path, next.response, counter.asked.length);
    },
    whenWaiting: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (held.length !== count) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    node: (id, path, more = {}) => ({ id, type: "http", request: { method: "GET", url: `http://127.0.0.1:${port}${path}` }, ...more }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return counter;
}
