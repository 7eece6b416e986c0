import { hash } from "node:crypto";
import { RequestError } from "#request-error";
import type { SharedStore } from "#store/shared-store";

export interface AttemptLimit {
  /** Tells it from the others of a server. */
  readonly name: string;
  /** Let through in a window, wherever it begins. */
  readonly attempts: number;
  readonly windowMs: number;
}

const MINUTE_MS = 60_000;

/** How often somebody may be wrong. What succeeds is not counted. */
export const ATTEMPT_LIMITS = {
  /** Passwords of one account, from wherever. */
  account: { name: "account", attempts: 10, windowMs: 15 * MINUTE_MS },
  /** Passwords, set-up tokens, invitations and links from one address. */
  address: { name: "address", attempts: 30, windowMs: 15 * MINUTE_MS },
  /** API keys from one address. */
  keys: { name: "keys", attempts: 60, windowMs: MINUTE_MS },
} as const satisfies { readonly [name: string]: AttemptLimit };

/** Accounts or addresses that are remembered at once. Beyond it, new ones are counted together: nobody begins anew by being many. */
export const MAX_REMEMBERED = 10_000;

const THE_OTHERS = "";

export interface AttemptLimiterPorts {
  readonly mono: () => number;
  /** null: no other process has the store. */
  readonly shared: Pick<SharedStore, "say" | "hear"> | null;
}

/** As other processes are told of an attempt: whose it was by the hash alone; the number makes each another one. */
type Told = readonly [limit: string, whose: string, number: number];

/**
 * Counts failed attempts by account or address, in memory: exact, bounded, and empty after a start. Processes that share a store tell one another of
 * each, a moment later: whoever asks all of them at one instant tries once as often for each of them, and then no more at any.
 */
export class AttemptLimiter {
  readonly #limit: AttemptLimit;
  readonly #ports: AttemptLimiterPorts;
  #numbers = 0;
  /** Times of the attempts in the window by the hash of whose they were, oldest first; in the order of the newest. */
  readonly #attempts = new Map<string, number[]>();

  constructor(limit: AttemptLimit, ports: AttemptLimiterPorts) {
    this.#limit = limit;
    this.#ports = ports;
    ports.shared?.hear(({ kind, id }) => {
      if (kind === "attempt") this.#heard(JSON.parse(id) as Told, (whose, now) => this.#count(whose, now));
      else if (kind === "attemptBack") this.#heard(JSON.parse(id) as Told, (whose, now) => this.#takeBack(whose, now));
    });
  }

  /**
   * Counts an attempt before its outcome is known, so that a thousand at once are a thousand. Returns the way to take it back when it
   * succeeds. Throws `rate_limited` where there were too many; that one is not counted.
   */
  take(key: string): () => void {
    const { mono, shared } = this.#ports;
    const now = mono();
    const whose = hash("sha256", key, "hex");
    const times = this.#recent(this.#nameOf(whose, now), now);
    const [oldest] = times;
    if (times.length >= this.#limit.attempts && oldest !== undefined) throw limited(oldest + this.#limit.windowMs - now);
    this.#count(whose, now);
    this.#numbers += 1;
    const told = JSON.stringify([this.#limit.name, whose, this.#numbers] satisfies Told);
    shared?.say({ kind: "attempt", id: told });
    let counts = true;
    return () => {
      if (counts) this.#takeBack(whose, now);
      if (counts) shared?.say({ kind: "attemptBack", id: told });
      counts = false;
    };
  }

  #heard([limit, whose]: Told, done: (whose: string, now: number) => void): void {
    if (limit === this.#limit.name) done(whose, this.#ports.mono());
  }

  #count(whose: string, now: number): void {
    const name = this.#nameOf(whose, now);
    const times = this.#recent(name, now);
    times.push(now);
    this.#attempts.delete(name);
    this.#attempts.set(name, times);
  }

  /** The one of that time, or where that is another process's the latest. */
  #takeBack(whose: string, at: number): void {
    const name = this.#attempts.has(whose) ? whose : THE_OTHERS;
    const times = this.#attempts.get(name) ?? [];
    const found = times.lastIndexOf(at);
    times.splice(found < 0 ? times.length - 1 : found, 1);
    if (times.length === 0) this.#attempts.delete(name);
  }

  #recent(name: string, now: number): number[] {
    const times = this.#attempts.get(name) ?? [];
    const over = times.findIndex((at) => at > now - this.#limit.windowMs);
    times.splice(0, over < 0 ? times.length : over);
    return times;
  }

  #nameOf(whose: string, now: number): string {
    if (this.#attempts.has(whose)) return whose;
    this.#forget(now);
    return this.#attempts.size < MAX_REMEMBERED ? whose : THE_OTHERS;
  }

  /** Those whose newest attempt is out of the window stand first. */
  #forget(now: number): void {
    for (const [name, times] of this.#attempts) {
      if ((times.at(-1) ?? 0) > now - this.#limit.windowMs) return;
      this.#attempts.delete(name);
    }
  }
}

function limited(waitMs: number): RequestError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new RequestError("rate_limited", { retryAfterS: seconds, params: { seconds } });
}
