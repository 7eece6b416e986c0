import { createServer, type Socket } from "node:net";

/** One request as its bytes were, told apart by nothing but CRLF and Content-Length. */
export interface RawRequest {
  readonly line: string;
  /** Header lines, in order. */
  readonly fields: readonly string[];
  /** What stood where a request has to begin or to be framed, and was none. */
  readonly rubbish: boolean;
}

export interface RawReceiver {
  readonly port: number;
  readonly requests: readonly RawRequest[];
  close(): void;
}

/** Answers 200 to whatever looks like a request, so that one that was smuggled in would be seen as well. */
export function startRawReceiver(): Promise<RawReceiver> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = "";
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      bytes += chunk.toString("latin1");
      for (let next = firstRequest(bytes); next !== null; next = firstRequest(bytes)) {
        requests.push(next.request);
        bytes = bytes.slice(next.length);
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      }
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const close = (): void => {
        server.close();
        for (const socket of sockets) socket.destroy();
      };
      resolve({ port: typeof address === "object" && address ? address.port : 0, requests, close });
    });
  });
}

function firstRequest(bytes: string): { readonly request: RawRequest; readonly length: number } | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [line = "", ...fields] = bytes.slice(0, end).split("\r\n");
  const lengths = fields.filter((field) => /^content-length *:/i.test(field));
  const length = end + 4 + Number(/\d+/.exec(lengths[0] ?? "")?.[0] ?? 0);
  const rubbish = !/^[A-Z]+ \/\S* HTTP\/1\.1$/.test(line) || lengths.length > 1 || fields.some((field) => /[\r\n\0]|^[^:]*$/.test(field));
  return bytes.length < length ? null : { request: { line, fields, rubbish }, length };
}
