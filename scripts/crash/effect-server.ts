import { createServer, type Server } from "node:http";

/** A receiver of effects that counts them by their Idempotency-Key and answers after a moment. */
export interface EffectServer {
  readonly port: number;
  /** Key → times that the effect happened. */
  readonly effects: ReadonlyMap<string, number>;
  /** The longest time between two effects so far. */
  longestGapMs(): number;
  /** The longest time between two effects of one run, of those that ended between these moments of `performance.now()`. */
  longestStandstillMs(since: number, until: number): number;
  close(): Promise<void>;
}

export function startEffectServer(delayMs: number): Promise<EffectServer> {
  const effects = new Map<string, number>();
  let last = Number.POSITIVE_INFINITY;
  let longestGapMs = 0;
  /** Run → the moment of its last effect. */
  const lastOfRun = new Map<string, number>();
  const standstills: { readonly at: number; readonly ms: number }[] = [];
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const key = String(request.headers["idempotency-key"] ?? "none");
      effects.set(key, (effects.get(key) ?? 0) + 1);
      const now = performance.now();
      longestGapMs = Math.max(longestGapMs, now - last);
      last = now;
      const [run = ""] = key.split(":");
      standstills.push({ at: now, ms: now - (lastOfRun.get(run) ?? now) });
      lastOfRun.set(run, now);
      setTimeout(() => response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}'), delayMs);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({
        ...{ port, effects },
        longestGapMs: () => longestGapMs,
        longestStandstillMs: (since, until) =>
          standstills.filter(({ at }) => at > since && at <= until).reduce((longest, { ms }) => Math.max(longest, ms), 0),
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}
