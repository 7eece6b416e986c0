import type { Json } from "@millrace/contract";
import { fileFromUrl, hasContents, isFile, isWebUrl } from "#value/file";
import { isList, isObject } from "#value/json";
import { readNumber } from "#value/number";
import { parseJson } from "#value/parse-json";
import { textOf } from "#value/text";

export const FILE_KINDS = ["doc", "excel", "ppt", "image", "code", "audio", "video"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** The type of a variable. `any` takes every value as it is; every type takes null. */
export type ValueType =
  | { readonly kind: "any" | "string" | "integer" | "number" | "boolean" }
  /** `fields`: what a sample showed, for completion only; it is no part of the type. */
  | { readonly kind: "object"; readonly fields?: { readonly [name: string]: ValueType } }
  | { readonly kind: "array"; readonly items: ValueType }
  /** `file` null: a file of any kind. */
  | { readonly kind: "file"; readonly file: FileKind | null };

export const ANY: ValueType = { kind: "any" };
export const STRING: ValueType = { kind: "string" };
export const INTEGER: ValueType = { kind: "integer" };
export const NUMBER: ValueType = { kind: "number" };
export const BOOLEAN: ValueType = { kind: "boolean" };
export const OBJECT: ValueType = { kind: "object" };

export function arrayOf(items: ValueType): ValueType {
  return { kind: "array", items };
}

const SPELLINGS: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["any", ANY],
  ["string", STRING],
  ["text", STRING],
  ["integer", INTEGER],
  ["int", INTEGER],
  ["long", INTEGER],
  ["number", NUMBER],
  ["float", NUMBER],
  ["double", NUMBER],
  ["boolean", BOOLEAN],
  ["bool", BOOLEAN],
  ["object", OBJECT],
  ["json", OBJECT],
  ["file", { kind: "file", file: null }],
  ...FILE_KINDS.map((file): [string, ValueType] => [`file${file}`, { kind: "file", file }]),
]);

/** Arrays within arrays in one type; more is a slip, and reading values of such a type would recurse that deep. */
const MAX_ARRAY_NESTING = 16;

/**
 * Reads a type in any spelling (`STRING`, `array<number>`, `ARRAY_FILE_DOC`, `List<Text>`, `File(Doc)`); null: not recognised.
 * Case and the characters `_-<>()` and blanks do not count. A bare `array` holds anything.
 */
export function parseType(spelling: string): ValueType | null {
  let rest = spelling.toLowerCase().replace(/[_\-<>()\s]/g, "");
  let nesting = 0;
  for (let prefix = /^(?:array|list)/.exec(rest); prefix !== null; prefix = /^(?:array|list)/.exec(rest)) {
    rest = rest.slice(prefix[0].length);
    if (++nesting > MAX_ARRAY_NESTING) return null;
  }
  let type = rest === "" && nesting > 0 ? ANY : SPELLINGS.get(rest);
  if (type === undefined) return null;
  for (; nesting > 0; nesting--) type = arrayOf(type);
  return type;
}

/** The native spelling: `string`, `array<number>`, `file<doc>`. */
export function typeName(type: ValueType): string {
  if (type.kind === "array") return `array<${typeName(type.items)}>`;
  if (type.kind === "file" && type.file !== null) return `file<${type.file}>`;
  return type.kind;
}

export type Conversion = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };

/** A value as it enters a declared type. Null stays null; nothing is wrapped, cut or guessed. Messages never hold the value. */
export function convert(value: Json, type: ValueType): Conversion {
  if (value === null) return done(null);
  switch (type.kind) {
    case "any":
      return done(value);
    case "string":
      return done(textOf(value));
    case "number":
      return toNumber(value);
    case "integer":
      return toInteger(value);
    case "boolean":
      return toBoolean(value);
    case "object":
      return toObject(value);
    case "array":
      return toArray(value, type);
    case "file":
      return toFile(value, type);
  }
}

function done(value: Json): Conversion {
  return { ok: true, value };
}

function refused(type: string, value: Json, why = describe(value)): Conversion {
  return { ok: false, message: `Expected ${type}, got ${why}.` };
}

/** What kind of value it is, never its contents. */
export function describe(value: Json): string {
  if (value === null) return "null";
  if (isList(value)) return "an array";
  if (isFile(value)) return "a file";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function toNumber(value: Json): Conversion {
  const number = readNumber(value);
  if (number !== null) return done(number);
  return refused("a number", value, typeof value === "string" ? "a string that is not a number" : undefined);
}

function toInteger(value: Json): Conversion {
  const number = readNumber(value);
  if (number === null) return refused("an integer", value, typeof value === "string" ? "a string that is not a number" : undefined);
  if (Number.isSafeInteger(number)) return done(number);
  return refused("an integer", value, Number.isInteger(number) ? "a number beyond ±(2^53−1)" : "a number with a fraction");
}

function toBoolean(value: Json): Conversion {
  if (typeof value === "boolean") return done(value);
  const word = typeof value === "string" ? value.toLowerCase() : "";
  if (word === "true" || word === "false") return done(word === "true");
  return refused("a boolean", value, typeof value === "string" ? 'a string that is neither "true" nor "false"' : undefined);
}

function toObject(value: Json): Conversion {
  if (isObject(value)) return done(value);
  const parsed = typeof value === "string" ? parseJson(value) : undefined;
  if (parsed !== undefined && isObject(parsed)) return done(parsed);
  return refused("an object", value, typeof value === "string" ? "a string that is not the JSON text of an object" : undefined);
}

function toArray(value: Json, type: ValueType & { kind: "array" }): Conversion {
  const list = typeof value === "string" ? parseJson(value) : value;
  if (list === undefined || !isList(list)) {
    return refused(`an ${typeName(type)}`, value, typeof value === "string" ? "a string that is not the JSON text of an array" : undefined);
  }
  if (type.items.kind === "any") return done(list);
  const items: Json[] = [];
  for (const [index, item] of list.entries()) {
    const converted = convert(item, type.items);
    if (!converted.ok) return { ok: false, message: `Element ${index}: ${converted.message}` };
    items.push(converted.value);
  }
  return done(items);
}

function toFile(value: Json, type: ValueType): Conversion {
  if (isFile(value) || hasContents(value)) return done(value);
  if (typeof value === "string" && isWebUrl(value)) return done(fileFromUrl(value));
  return refused(`a ${typeName(type)}`, value, typeof value === "string" ? "a string that is not an http or https URL" : undefined);
}
