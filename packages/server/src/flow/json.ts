import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";

const NOTHING: JsonObject = {};
const NO_ITEMS: readonly Json[] = [];

/** The object, or an empty one in place of anything else: members of what is no object are absent. */
export function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : NOTHING;
}

/** The list, or an empty one in place of anything else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** Null, absent, or a string of white space only. */
export function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** An id or a name as text: a number as its decimal digits, anything else that is no string as JSON. */
export function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return typeof value === "number" ? decimalText(value) : JSON.stringify(value);
}

function decimalText(number: number): string {
  return Number.isInteger(number) ? BigInt(number).toString() : String(number);
}

/** An object with exactly these members; `__proto__` is an ordinary one. */
export function record<T>(entries: Iterable<readonly [string, T]>): { [key: string]: T } {
  return Object.fromEntries(entries);
}

/** The members of `object` but those named. */
export function omit(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return record(Object.entries(object).filter(([name]) => !names.has(name)));
}
