import { createServer } from "node:http";

/** A receiver of effects on loopback that holds every call until it is let go. */
export interface Receiver {
  readonly port: number;
  /** Calls that wait now. */
  readonly held: number;
  /** Answers what waits; from now on every call is answered at once, until they are held again. */
  release(): void;
  hold(): void;
  close(): Promise<void>;
}

export function startReceiver(): Promise<Receiver> {
  const waiting = new Set<() => void>();
  let released = false;
  const server = createServer((request, response) => {
    request.resume();
    const answer = () => {
      waiting.delete(answer);
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}');
    };
    request.on("end", () => (released ? answer() : waiting.add(answer)));
    response.on("close", () => waiting.delete(answer));
  });
  const release = () => {
    released = true;
    for (const answer of waiting) answer();
  };
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({
        port,
        get held() {
          return waiting.size;
        },
        release,
        hold: () => {
          released = false;
        },
        close,
      });
    });
  });
}
