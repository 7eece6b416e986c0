import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Answers the n-th request of a path; 0 is the first. */
export type Answerer = (response: ServerResponse, nth: number, request: IncomingMessage) => void;

/** A real server on loopback that keeps what it is sent. */
export interface Receiver {
  readonly port: number;
  readonly received: readonly Received[];
  /** How a path is answered; default: 200. */
  answer(path: string, answerer: Answerer): void;
  url(path: string): string;
  at(path: string): readonly Received[];
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answerers = new Map<string, Answerer>();
  const pathOf = (url: string): string => url.split("?")[0] ?? "";
  const at = (path: string): readonly Received[] => received.filter(({ url }) => pathOf(url) === path);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, rawHeaders } = request;
      const nth = at(pathOf(url)).length;
      received.push({ method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString("utf8") });
      const answerer = answerers.get(pathOf(url));
      if (answerer) answerer(response, nth, request);
      else response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received,
    answer: (path, answerer) => void answerers.set(path, answerer),
    url: (path) => `http://127.0.0.1:${port}${path}`,
    at,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
