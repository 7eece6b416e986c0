import type { Json, JsonObject } from "#json";

/** One step of a path: a member name or an array index. */
export type Step = string | number;

/** JSON pointer (RFC 6901): `["input", "a/b", 0]` is `/input/a~1b/0`; no steps are the whole document, "". */
export function toPointer(steps: readonly Step[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The steps of a JSON pointer; array indexes stay text. */
export function fromPointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The member of a value that steps lead to; undefined: it has none. */
export function memberAt(value: Json, steps: readonly Step[]): Json | undefined {
  let member: Json | undefined = value;
  for (const step of steps) {
    if (typeof member !== "object" || member === null || !Object.hasOwn(member, step)) return undefined;
    // The length of an array is its own, and no member.
    if (Array.isArray(member) && step === "length") return undefined;
    member = (member as JsonObject)[step];
  }
  return member;
}

/** For people: `input.list.0`; the whole body is `body`. */
export function toDotted(steps: readonly Step[]): string {
  return steps.length === 0 ? "body" : steps.join(".");
}
