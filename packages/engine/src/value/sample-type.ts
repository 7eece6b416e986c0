import type { Json, JsonObject } from "@millrace/contract";
import { isFile } from "#value/file";
import { isList } from "#value/json";
import { ANY, arrayOf, BOOLEAN, INTEGER, NUMBER, STRING, typeName, type ValueType } from "#value/types";

/** Levels and elements looked at: enough for completion, and no cost that grows with the sample. */
const MAX_LEVELS = 6;
const MAX_ELEMENTS = 20;
const MAX_FIELDS = 200;

type ObjectType = ValueType & { kind: "object" };

/** The type that a sample value shows, with the fields of objects: what an editor offers after a first run. */
export function typeOfSample(value: Json, levels = MAX_LEVELS): ValueType {
  if (value === null) return ANY;
  if (typeof value === "string") return STRING;
  if (typeof value === "boolean") return BOOLEAN;
  if (typeof value === "number") return Number.isInteger(value) ? INTEGER : NUMBER;
  if (levels === 0) return ANY;
  if (isList(value)) return arrayOf(elementType(value, levels));
  return isFile(value) ? { kind: "file", file: null } : { kind: "object", fields: fieldTypes(value as JsonObject, levels) };
}

function elementType(list: readonly Json[], levels: number): ValueType {
  const types = list.slice(0, MAX_ELEMENTS).map((item) => typeOfSample(item, levels - 1));
  return types.length === 0 ? ANY : types.reduce(commonType);
}

function fieldTypes(object: JsonObject, levels: number): { readonly [name: string]: ValueType } {
  const entries = Object.entries(object).slice(0, MAX_FIELDS);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeOfSample(value, levels - 1)]));
}

/** The narrowest type that takes what either takes; of two objects, with the fields of both. */
export function commonType(left: ValueType, right: ValueType): ValueType {
  if (left.kind === "object" && right.kind === "object") return commonFields(left, right);
  if (left.kind === "array" && right.kind === "array") return arrayOf(commonType(left.items, right.items));
  if (typeName(left) === typeName(right)) return left;
  if (isNumeric(left) && isNumeric(right)) return NUMBER;
  if (left.kind === "file" && right.kind === "file") return { kind: "file", file: null };
  return ANY;
}

function commonFields(left: ObjectType, right: ObjectType): ValueType {
  const fields = new Map(Object.entries(left.fields ?? {}));
  for (const [name, type] of Object.entries(right.fields ?? {})) {
    const known = fields.get(name);
    fields.set(name, known === undefined ? type : commonType(known, type));
  }
  return { kind: "object", fields: Object.fromEntries(fields) };
}

function isNumeric(type: ValueType): boolean {
  return type.kind === "number" || type.kind === "integer";
}
