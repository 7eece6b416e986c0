import type { Json, JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { isContainer, membersOf, pointerStep, type SameValue, VALUE_MEMBERS, withMembers } from "#store/journal/segment";

/** Shorter strings are not worth the two pointers that would replace them. */
const MIN_REPEATED_CHARACTERS = 64;

export interface WithoutRepeats {
  readonly entries: readonly Entry[];
  readonly same: readonly SameValue[];
}

/**
 * Leaves out the values that the same entries already hold: a start's output is made of the run's input, and run-finished repeats the
 * end's output. Looks at the entries' values and at their members, no deeper: that finds what the engine itself repeats.
 * Containers are compared by identity, strings by content.
 */
export function withoutRepeats(entries: readonly Entry[]): WithoutRepeats {
  const seen = new Seen();
  const same: SameValue[] = [];
  const kept = entries.map((entry, index) => withoutSeen(entry, index, seen, same));
  return { entries: kept, same };
}

function withoutSeen(entry: Entry, index: number, seen: Seen, same: SameValue[]): Entry {
  const members = membersOf(entry);
  let changed: { [name: string]: Json } | null = null;
  for (const name of VALUE_MEMBERS) {
    const value = members[name];
    if (!isContainer(value)) continue;
    const kept = note(value, `/${index}/${name}`, seen, same) ? null : withoutSeenMembers(value, `/${index}/${name}`, seen, same);
    if (kept === value) continue;
    changed ??= { ...members };
    changed[name] = kept;
  }
  return changed === null ? entry : withMembers(changed);
}

function withoutSeenMembers(value: readonly Json[] | JsonObject, at: string, seen: Seen, same: SameValue[]): Json {
  if (Array.isArray(value)) return value;
  const members = value as JsonObject;
  let changed: { [key: string]: Json } | null = null;
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (!isWorthNoting(member) || !note(member, at + pointerStep(key), seen, same)) continue;
    // Spread copies an own `__proto__` as a plain member, which the assignment then finds.
    changed ??= { ...members };
    changed[key] = null;
  }
  return changed ?? value;
}

function isWorthNoting(value: Json | undefined): value is Json {
  return isContainer(value) || (typeof value === "string" && value.length >= MIN_REPEATED_CHARACTERS);
}

/** True: the value was seen before, and is noted as the same. */
function note(value: Json, at: string, seen: Seen, same: SameValue[]): boolean {
  const before = seen.find(value);
  if (before === undefined) seen.add(value, at);
  else same.push([at, before]);
  return before !== undefined;
}

/** Strings of one length that are kept for comparing: thousands of items may give texts of the same length. */
const MAX_ALIKE = 8;

/**
 * Where each value was first seen. Strings lie by length: comparing the few of one length costs less than the hash that a map of
 * strings would make of every one of them.
 */
class Seen {
  readonly #containers = new Map<Json, string>();
  readonly #strings = new Map<number, { readonly text: string; readonly at: string }[]>();

  find(value: Json): string | undefined {
    if (typeof value !== "string") return this.#containers.get(value);
    return this.#strings.get(value.length)?.find(({ text }) => text === value)?.at;
  }

  add(value: Json, at: string): void {
    if (typeof value !== "string") {
      this.#containers.set(value, at);
      return;
    }
    const alike = this.#strings.get(value.length);
    if (alike && alike.length < MAX_ALIKE) alike.push({ text: value, at });
    if (!alike) this.#strings.set(value.length, [{ text: value, at }]);
  }
}
