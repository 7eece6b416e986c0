import type { Json, JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { EMPTY_LENGTH, jsonLength, stringLength } from "#store/journal/json-length";
import { type BlobRef, isContainer, membersOf, pointerStep, VALUE_MEMBERS, withMembers } from "#store/journal/segment";

/**
 * Characters of a value's JSON text that stay in the journal's row. Above it the value is stored once, however many nodes hand it on:
 * a row of this size fills 8 pages, and listings and replays that do not need the value do not load it.
 */
export const MAX_INLINE_CHARACTERS = 64 * 1024;

/** Strings that a claim remembers: their content would otherwise be hashed again at every node that hands them on. */
const REMEMBERED_STRINGS = 64;

/** The blobs that one claim has stored already, by the value they were made of. */
export class StoredValues {
  // Made when first used: most runs have no large value.
  #containers: WeakMap<object, BlobRef> | undefined;
  #strings: Map<string, BlobRef> | undefined;

  find(value: Json): BlobRef | undefined {
    return isContainer(value) ? this.#containers?.get(value) : typeof value === "string" ? this.#strings?.get(value) : undefined;
  }

  add(value: Json, ref: BlobRef): void {
    if (isContainer(value)) {
      this.#containers ??= new WeakMap();
      this.#containers.set(value, ref);
    } else if (typeof value === "string") this.#addString(value, ref);
  }

  #addString(value: string, ref: BlobRef): void {
    this.#strings ??= new Map();
    this.#strings.set(value, ref);
    const [oldest] = this.#strings.keys();
    if (this.#strings.size > REMEMBERED_STRINGS && oldest !== undefined) this.#strings.delete(oldest);
  }
}

export interface LargeValue {
  /** JSON pointer into the entries. */
  readonly at: string;
  readonly value: Json;
}

/** Would writing the entry as a whole make a huge text for nothing? Looks only where large values usually are; the text's length says the rest. */
export function isSurelyLarge(entry: Entry): boolean {
  const members = membersOf(entry);
  for (const name of VALUE_MEMBERS) {
    const value = members[name];
    if (isLong(value) || (isContainer(value) && !Array.isArray(value) && hasLong(value as JsonObject))) return true;
  }
  return false;
}

function hasLong(value: JsonObject): boolean {
  for (const key in value) if (isLong(value[key])) return true;
  return false;
}

/** Longer than the limit whatever it holds: an item is a character at least, and has its comma. */
function isLong(value: Json | undefined): boolean {
  return typeof value === "string"
    ? value.length > MAX_INLINE_CHARACTERS
    : Array.isArray(value) && value.length > MAX_INLINE_CHARACTERS / 2;
}

/**
 * The entry with `null` in place of each large value. A value is large where its JSON text, less the large values in it, exceeds
 * MAX_INLINE_CHARACTERS: the smallest such value is taken, because that is what nodes hand on.
 */
export function withoutLarge(
  entry: Entry,
  index: number,
  stored: StoredValues,
): { readonly entry: Entry; readonly large: readonly LargeValue[] } {
  const members: { [name: string]: Json } = { ...membersOf(entry) };
  const large: LargeValue[] = [];
  for (const name of VALUE_MEMBERS) {
    const value = members[name];
    if (value === undefined) continue;
    const kept = keep(value, `/${index}/${name}`, stored);
    members[name] = kept.value;
    large.push(...kept.large);
  }
  return { entry: withMembers(members), large };
}

/** A value by itself: what stays of it with `null` in place of what is large, and that, at pointers into `[value]`; null: nothing is large. */
export function takenApart(value: Json): { readonly value: Json; readonly large: readonly LargeValue[] } | null {
  const kept = keep(value, ROOT, new StoredValues());
  return kept.large.length === 0 ? null : kept;
}

const ROOT = pointerStep(0);

/** What stays of a value, the length of its JSON text, and what was taken out of it. */
interface Kept {
  readonly value: Json;
  readonly length: number;
  readonly large: readonly LargeValue[];
}

const NULL_LENGTH = "null".length;

function keep(value: Json, at: string, stored: StoredValues): Kept {
  if (stored.find(value)) return takenOut(value, at);
  const length = jsonLength(value, MAX_INLINE_CHARACTERS);
  if (length <= MAX_INLINE_CHARACTERS) return { value, length, large: [] };
  if (!isContainer(value)) return takenOut(value, at);
  const kept = Array.isArray(value) ? keepItems(value, at, stored) : keepMembers(value as JsonObject, at, stored);
  return kept.length > MAX_INLINE_CHARACTERS ? takenOut(value, at) : kept;
}

function takenOut(value: Json, at: string): Kept {
  return { value: null, length: NULL_LENGTH, large: [{ at, value }] };
}

/** Stops where what stays is too long: then the value itself is taken. */
function keepItems(items: readonly Json[], at: string, stored: StoredValues): Kept {
  const large: LargeValue[] = [];
  const kept: Json[] = [];
  let length = EMPTY_LENGTH;
  for (const item of items) {
    const one = keep(item ?? null, at + pointerStep(kept.length), stored);
    length += one.length + (kept.length === 0 ? 0 : 1);
    if (length > MAX_INLINE_CHARACTERS) break;
    kept.push(one.value);
    large.push(...one.large);
  }
  return { value: kept, length, large };
}

function keepMembers(members: JsonObject, at: string, stored: StoredValues): Kept {
  const large: LargeValue[] = [];
  // Spread copies an own `__proto__` as a plain member, which the assignment then finds.
  const kept: { [key: string]: Json } = { ...members };
  let length = EMPTY_LENGTH;
  for (const key of Object.keys(members)) {
    const member: Json | undefined = members[key];
    if (member === undefined) continue;
    const one = keep(member, at + pointerStep(key), stored);
    length += stringLength(key) + 1 + one.length + (length === EMPTY_LENGTH ? 0 : 1);
    if (length > MAX_INLINE_CHARACTERS) break;
    large.push(...one.large);
    kept[key] = one.value;
  }
  return { value: kept, length, large };
}
