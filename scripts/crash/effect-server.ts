import { createServer, type Server } from "node:http";

/** A receiver of effects that counts them by their Idempotency-Key and answers after a moment. */
export interface EffectServer {
  readonly port: number;
  /** Key → times that the effect happened. */
  readonly effects: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export function startEffectServer(delayMs: number): Promise<EffectServer> {
  const effects = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const key = String(request.headers["idempotency-key"] ?? "none");
      effects.set(key, (effects.get(key) ?? 0) + 1);
      setTimeout(() => response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}'), delayMs);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, effects, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
