import type { Ids } from "#ids";
import { RequestError } from "#request-error";

/** 240 bits, as a key has. */
export const TOKEN_CHARACTERS = 40;

/** Tokens that can be used at once; the oldest goes for a new one. */
const MAX_TOKENS = 100;

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/**
 * Tokens that stand for something once, for a while, until the process ends: nothing of them is written down. They are looked up, not
 * compared: nobody learns from the time that it takes how much of a guess was right.
 */
export class OneTimeTokens<T> {
  readonly #ids: Ids;
  readonly #now: () => number;
  readonly #lifeMs: number;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(ids: Ids, now: () => number, lifeMs: number) {
    this.#ids = ids;
    this.#now = now;
    this.#lifeMs = lifeMs;
  }

  make(value: T): { readonly token: string; readonly until: number } {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= MAX_TOKENS) this.#kept.delete(oldest);
    const token = this.#ids.token(TOKEN_CHARACTERS);
    const until = this.#now() + this.#lifeMs;
    this.#kept.set(token, { value, until });
    return { token, until };
  }

  /** Throws `unauthorized` for one that is unknown, used or over. */
  get(token: string): T {
    const kept = this.#kept.get(token);
    if (!kept || kept.until <= this.#now()) throw new RequestError("unauthorized", { key: "unauthorized.link" });
    return kept.value;
  }

  /** Uses it up. */
  take(token: string): T {
    const value = this.get(token);
    this.#kept.delete(token);
    return value;
  }

  /** None of them can be used any more. */
  clear(): void {
    this.#kept.clear();
  }
}
