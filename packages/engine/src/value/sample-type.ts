import type { Json, JsonObject } from "@millrace/contract";
import { isFile } from "#value/file";
import { isList } from "#value/json";
import { ANY, arrayOf, BOOLEAN, INTEGER, NUMBER, STRING, type ValueType } from "#value/types";

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
  return commonTypeOf(types);
}

function fieldTypes(object: JsonObject, levels: number): { readonly [name: string]: ValueType } {
  const entries = Object.entries(object).slice(0, MAX_FIELDS);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeOfSample(value, levels - 1)]));
}

/** Types and fields looked at while two types are joined. Types share parts, so that all paths through them can be endlessly many. */
const MAX_VISITS = 1000;

/** The narrowest type that takes what either takes; of two objects, with the fields of both. */
export function commonType(left: ValueType, right: ValueType): ValueType {
  return join(left, right, { visits: MAX_VISITS });
}

export function commonTypeOf(types: readonly ValueType[]): ValueType {
  const [first, ...others] = types;
  return first === undefined ? ANY : others.reduce((common, type) => commonType(common, type), first);
}

interface Budget {
  visits: number;
}

function join(left: ValueType, right: ValueType, budget: Budget): ValueType {
  if (left === right) return left;
  if (--budget.visits < 0) return ANY;
  if (left.kind === "object" && right.kind === "object") return joinFields(left, right, budget);
  if (left.kind === "array" && right.kind === "array") return arrayOf(join(left.items, right.items, budget));
  if (left.kind === "file" && right.kind === "file") return left.file === right.file ? left : { kind: "file", file: null };
  if (left.kind === right.kind) return left;
  return isNumeric(left) && isNumeric(right) ? NUMBER : ANY;
}

function joinFields(left: ObjectType, right: ObjectType, budget: Budget): ValueType {
  const fields = new Map(Object.entries(left.fields ?? {}));
  budget.visits -= fields.size;
  for (const [name, type] of Object.entries(right.fields ?? {})) {
    const known = fields.get(name);
    fields.set(name, known === undefined ? type : join(known, type, budget));
  }
  return { kind: "object", fields: Object.fromEntries(fields) };
}

function isNumeric(type: ValueType): boolean {
  return type.kind === "number" || type.kind === "integer";
}
