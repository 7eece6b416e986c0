import type { Json, JsonObject } from "@millrace/contract";

/** An object while it is being built. */
export type JsonDraft = { [key: string]: Json };

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object of data: neither a list nor null. A file is one too. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own member `key`, or null. Nothing inherited is ever read. */
export function getOwn(object: JsonObject, key: string): Json {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}

/** Sets an own member. `__proto__` becomes an ordinary key: a plain assignment would set the prototype instead. */
export function setOwn(target: JsonDraft, key: string, value: Json): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
