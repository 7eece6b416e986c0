import type { FieldChange } from "#diff/diff-types";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { type Step, toPointer } from "#pointer";

/** Members of an envelope, whose own order means nothing; the order inside each does. */
export function diffMembers(before: JsonObject, after: JsonObject, at: readonly Step[] = []): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => diffValue(memberOf(before, name), memberOf(after, name), [...at, name]));
}

/**
 * As deep as the two values have the same shape, so that each changed field is told once and alone. A list that became longer or shorter,
 * or an object whose members stand in another order, is told as a whole: what is told can be done to `before`, and gives `after`.
 */
function diffValue(before: Json | undefined, after: Json | undefined, path: readonly Step[]): FieldChange[] {
  if (before === undefined || after === undefined || !haveSameShape(before, after))
    return differs(before, after) ? [change(path, before, after)] : [];
  if (isList(before) && isList(after)) return before.flatMap((item, index) => diffValue(item, after[index], [...path, index]));
  return isJsonObject(before) && isJsonObject(after) ? diffMembers(before, after, path) : [];
}

/** Is the one made of the other by changing, removing and appending members alone? */
function haveSameShape(before: Json, after: Json): boolean {
  if (isList(before)) return isList(after) && before.length === after.length;
  if (!isJsonObject(before) || !isJsonObject(after)) return false;
  const kept = Object.keys(before).filter((name) => memberOf(after, name) !== undefined);
  const now = Object.keys(after);
  return kept.every((name, index) => now[index] === name);
}

function change(path: readonly Step[], before: Json | undefined, after: Json | undefined): FieldChange {
  return { path: toPointer(path), ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function differs(before: Json | undefined, after: Json | undefined): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

/** `__proto__` is an ordinary member. */
function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
