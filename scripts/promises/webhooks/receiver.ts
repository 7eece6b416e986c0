import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KINDS } from "./kinds.ts";

/** One request, as it came. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: string;
  readonly body: string;
}

/** Receivers on loopback, one of which is down until an hour of the others' time has shown that ten minutes have passed. */
export interface Receivers {
  readonly port: number;
  readonly downPort: number;
  readonly received: readonly Received[];
  close(): void;
}

const DOWN_S = 600;

export async function startReceivers(startAt: number): Promise<Receivers> {
  const received: Received[] = [];
  const attempts = new Map<string, number>();
  const upAtS = startAt / 1_000 + DOWN_S;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await read(request);
    received.push(one);
    // The server's time is known by what it signs.
    if (Number(one.timestamp) >= upAtS && !second.listening) second.listen(downPort, "127.0.0.1");
    const nth = attempts.get(one.id) ?? 0;
    attempts.set(one.id, nth + 1);
    const [, name, serial] = /^\/([a-z-]+)\/(\d+)/.exec(one.url) ?? [];
    const kind = KINDS.find((candidate) => candidate.name === name);
    if (kind) kind.answer(response, nth, Number(serial));
    else response.writeHead(404).end();
  };
  const open = () => createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  const [first, second] = [open(), open()];
  const port = await listen(first);
  const downPort = await listen(second);
  await new Promise((resolve) => second.close(resolve));
  const close = (): void => {
    for (const server of [first, second]) {
      server.close();
      server.closeAllConnections();
    }
  };
  return { port, downPort, received, close };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = request;
  const text = (name: string): string => String(headers[name] ?? "");
  const body = Buffer.concat(chunks).toString("utf8");
  return { method, url, id: text("webhook-id"), timestamp: text("webhook-timestamp"), signatures: text("webhook-signature"), body };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}
