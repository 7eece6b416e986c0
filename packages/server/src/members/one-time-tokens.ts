import { hash } from "node:crypto";
import type { Ids } from "#ids";
import { RequestError } from "#request-error";
import type { SharedStore } from "#store/shared-store";

/** 240 bits, as a key has. */
export const TOKEN_CHARACTERS = 40;

/** Tokens that can be used at once; the oldest goes for a new one. */
const MAX_TOKENS = 100;

export interface OneTimeTokensPorts {
  /** A word for what the tokens are for: one for another purpose is none. */
  readonly purpose: string;
  readonly ids: Pick<Ids, "token">;
  readonly now: () => number;
  /** null: no other process has the store. */
  readonly shared: Pick<SharedStore, "say" | "hear" | "told" | "caughtUp" | "quotas"> | null;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/** As other processes are told of it. */
type Made<T> = readonly [purpose: string, name: string, kept: Kept<T>];

/**
 * Tokens that stand for something once, for a while, until the process ends: nothing of them is written down. They are looked up by their hash, not
 * compared: nobody learns from the time that it takes how much of a guess was right. Processes that share a store tell one another the hashes, and
 * what they stand for, which is JSON: a token of one is taken by any of them, and the store says who was the first.
 */
export class OneTimeTokens<T> {
  readonly #ports: OneTimeTokensPorts;
  readonly #lifeMs: number;
  /** By the hash of the token. */
  readonly #kept = new Map<string, Kept<T>>();

  constructor(ports: OneTimeTokensPorts, lifeMs: number) {
    this.#ports = ports;
    this.#lifeMs = lifeMs;
    ports.shared?.hear(({ kind, id }) => {
      if (kind === "token") this.#heard(JSON.parse(id) as Made<T>);
      else if (kind === "tokenUsed") this.#kept.delete(id);
    });
  }

  /** Resolves when any process takes it. */
  async make(value: T): Promise<{ readonly token: string; readonly until: number }> {
    const { ids, now, shared, purpose } = this.#ports;
    const token = ids.token(TOKEN_CHARACTERS);
    const kept = { value, until: now() + this.#lifeMs };
    const name = nameOf(token);
    this.#keep(name, kept);
    shared?.say({ kind: "token", id: JSON.stringify([purpose, name, kept] satisfies Made<T>) });
    await shared?.told();
    return { token, until: kept.until };
  }

  /** Throws `unauthorized` for one that is unknown, used or over. */
  async get(token: string): Promise<T> {
    // Another process may have made it, or used it, a moment ago.
    await this.#ports.shared?.caughtUp();
    const kept = this.#kept.get(nameOf(token));
    if (!kept || kept.until <= this.#ports.now()) throw unknown();
    return kept.value;
  }

  /** Uses it up. */
  async take(token: string): Promise<T> {
    const value = await this.get(token);
    const name = nameOf(token);
    const isFirst = await this.#ports.shared?.quotas.first(this.#ports.purpose, name, this.#lifeMs / 1_000);
    if (isFirst === false || !this.#kept.has(name)) throw unknown();
    this.#forget(name);
    return value;
  }

  /** Resolves when none of them can be used any more, at any process. */
  async clear(): Promise<void> {
    for (const name of this.#kept.keys()) this.#forget(name);
    await this.#ports.shared?.told();
  }

  #forget(name: string): void {
    this.#kept.delete(name);
    this.#ports.shared?.say({ kind: "tokenUsed", id: name });
  }

  #heard([purpose, name, kept]: Made<T>): void {
    if (purpose === this.#ports.purpose) this.#keep(name, kept);
  }

  #keep(name: string, kept: Kept<T>): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= MAX_TOKENS) this.#kept.delete(oldest);
    this.#kept.set(name, kept);
  }
}

function unknown(): RequestError {
  return new RequestError("unauthorized", { key: "unauthorized.link" });
}

function nameOf(token: string): string {
  return hash("sha256", token, "hex");
}
