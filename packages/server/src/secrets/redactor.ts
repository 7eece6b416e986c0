import { hash } from "node:crypto";
import { isJsonObject, type Json } from "@millrace/contract";
import { ExpressionError, fieldOf, RetryableError, TerminalError } from "@millrace/engine";
import type { PieceFilter } from "#runtime/vault";
import { Beginnings } from "#secrets/beginnings";
import { spellingsOf } from "#secrets/spellings";

/** What stands where a secret was. */
const MASK = "***";

/** Characters of a value that one pattern matches: longer ones are slow, and at a few thousand refused. */
const PIECE = 64;

/** Patterns take a millisecond to compile, and a batch makes a thousand attempts with the same values. */
const KEPT = 32;
const kept = new Map<string, Redactor>();

/** A redactor of these values, at least one, none empty; those that were asked for last are kept. */
export function redactorOf(values: readonly string[]): Redactor {
  const key = hash("sha256", JSON.stringify(values), "hex");
  const redactor = kept.get(key) ?? new Redactor(values);
  kept.delete(key);
  kept.set(key, redactor);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return redactor;
}

/** Takes secrets out of whatever is to be kept or shown. It knows their values, so the names of fields and headers do not matter. */
export class Redactor {
  readonly #pieces: readonly string[];
  /** One a piece: a pattern of all of them together would be much slower than one after another. */
  readonly #patterns: readonly RegExp[];
  #beginnings: Beginnings | null = null;

  constructor(values: readonly string[]) {
    // The longest first: of a value that another one begins with, nothing is left over.
    this.#pieces = values.toSorted((a, b) => b.length - a.length).flatMap(piecesOf);
    this.#patterns = this.#pieces.map((piece) => new RegExp(spellingsOf(piece), "g"));
  }

  shows(text: string): boolean {
    return this.#patterns.some((pattern) => text.search(pattern) >= 0);
  }

  text(text: string): string {
    return this.#patterns.reduce((clean, pattern) => clean.replace(pattern, MASK), text);
  }

  /** For one text that comes in pieces: `push` answers what may be shown by now, `end` the rest. */
  stream(): PieceFilter {
    let held = "";
    return {
      push: (piece) => {
        const text = held + piece;
        const safe = this.#safeLength(text);
        held = text.slice(safe);
        return this.text(text.slice(0, safe));
      },
      end: () => {
        const rest = this.text(held);
        held = "";
        return rest;
      },
    };
  }

  /** What is before it is complete: nothing secret lies across it, and nothing that begins before it may yet become secret. */
  #safeLength(text: string): number {
    this.#beginnings ??= new Beginnings(this.#pieces);
    let safe = this.#beginnings.in(text);
    const found = this.#patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
    const across = () => found.find(({ index, 0: { length } }) => index < safe && index + length > safe);
    for (let match = across(); match; match = across()) safe = match.index;
    return safe;
  }

  /** The value itself where it holds no secret: what is large and clean is not copied. */
  json(value: Json): Json {
    if (typeof value === "string") return this.text(value);
    if (typeof value === "number") return this.shows(String(value)) ? MASK : value;
    if (Array.isArray(value)) return this.#list(value);
    return isJsonObject(value) ? this.#members(value) : value;
  }

  /** Of any charset that has ASCII in it as it is. */
  bytes(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const clean = this.text(text);
    return clean === text ? bytes : Buffer.from(clean, "latin1");
  }

  /** An error to throw in its place. */
  error(thrown: unknown): unknown {
    if (thrown instanceof TerminalError)
      return new TerminalError(thrown.type, this.text(thrown.message), { usage: thrown.usage, field: thrown.field });
    if (thrown instanceof RetryableError) {
      const { type, message, retryAfterMs, usage } = thrown;
      return new RetryableError(type, this.text(message), { usage, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    }
    if (thrown instanceof ExpressionError) return new TerminalError(thrown.type, this.text(thrown.message), { field: fieldOf(thrown) });
    return this.#foreign(thrown);
  }

  /** For the server's log: the message and where it was thrown; a cause may hold anything. */
  #foreign(thrown: unknown): Error {
    if (!(thrown instanceof Error)) return new Error(this.text(String(thrown)));
    const clean = new Error(this.text(thrown.message));
    clean.name = thrown.name;
    clean.stack = this.text(thrown.stack ?? "");
    return clean;
  }

  #list(items: readonly Json[]): Json {
    const clean = items.map((item) => this.json(item));
    return clean.some((item, index) => item !== items[index]) ? clean : (items as Json[]);
  }

  #members(value: { readonly [name: string]: Json }): Json {
    const entries = Object.entries(value);
    const clean = entries.map(([name, member]) => [this.text(name), this.json(member)] as const);
    const isClean = clean.every(([name, member], index) => name === entries[index]?.[0] && member === entries[index]?.[1]);
    return isClean ? value : Object.fromEntries(clean);
  }
}

/** Of one length, more or less: a short rest would be found by chance. */
function piecesOf(value: string): readonly string[] {
  const characters = Array.from(value);
  const size = Math.ceil(characters.length / Math.ceil(characters.length / PIECE));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, n) => characters.slice(n * size, (n + 1) * size).join(""));
}
