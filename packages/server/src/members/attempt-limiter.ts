import { RequestError } from "#request-error";

export interface AttemptLimit {
  /** Let through in a window, wherever it begins. */
  readonly attempts: number;
  readonly windowMs: number;
}

const MINUTE_MS = 60_000;

/** How often somebody may be wrong. What succeeds is not counted. */
export const ATTEMPT_LIMITS = {
  /** Passwords of one account, from wherever. */
  account: { attempts: 10, windowMs: 15 * MINUTE_MS },
  /** Passwords, set-up tokens, invitations and links from one address. */
  address: { attempts: 30, windowMs: 15 * MINUTE_MS },
  /** API keys from one address. */
  keys: { attempts: 60, windowMs: MINUTE_MS },
} as const satisfies { readonly [name: string]: AttemptLimit };

/** Accounts or addresses that are remembered at once. Beyond it, new ones are counted together: nobody begins anew by being many. */
export const MAX_REMEMBERED = 10_000;

const THE_OTHERS = "";

/** Counts failed attempts by account or address, in memory of this process: exact, bounded, and empty after a start. */
export class AttemptLimiter {
  readonly #limit: AttemptLimit;
  readonly #mono: () => number;
  /** Times of the attempts in the window, oldest first; in the order of the newest. */
  readonly #attempts = new Map<string, number[]>();

  constructor(limit: AttemptLimit, mono: () => number) {
    this.#limit = limit;
    this.#mono = mono;
  }

  /**
   * Counts an attempt before its outcome is known, so that a thousand at once are a thousand. Returns the way to take it back when it
   * succeeds. Throws `rate_limited` where there were too many; that one is not counted.
   */
  take(key: string): () => void {
    const now = this.#mono();
    const name = this.#nameOf(key, now);
    const times = this.#recent(name, now);
    const [oldest] = times;
    if (times.length >= this.#limit.attempts && oldest !== undefined) throw limited(oldest + this.#limit.windowMs - now);
    times.push(now);
    this.#attempts.delete(name);
    this.#attempts.set(name, times);
    let counts = true;
    return () => {
      const at = counts ? times.indexOf(now) : -1;
      counts = false;
      if (at >= 0) times.splice(at, 1);
      if (times.length === 0 && this.#attempts.get(name) === times) this.#attempts.delete(name);
    };
  }

  #recent(name: string, now: number): number[] {
    const times = this.#attempts.get(name) ?? [];
    const over = times.findIndex((at) => at > now - this.#limit.windowMs);
    times.splice(0, over < 0 ? times.length : over);
    return times;
  }

  #nameOf(key: string, now: number): string {
    if (this.#attempts.has(key)) return key;
    this.#forget(now);
    return this.#attempts.size < MAX_REMEMBERED ? key : THE_OTHERS;
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
