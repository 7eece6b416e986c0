import type { Json } from "@millrace/contract";
import { ANY, parseType, typeName, type ValueType } from "@millrace/engine";
import { isBlank, record, textOf } from "#flow/json";
import { type FlowProblems, quote } from "#flow/problems";

/** The type that a file spells; what is absent or not recognised is any, the latter with a warning. */
export function readType(value: Json | undefined, at: string, problems: FlowProblems, nodeId: string): ValueType {
  if (isBlank(value)) return ANY;
  const type = typeof value === "string" ? parseType(value) : null;
  if (type) return type;
  problems.add("MR_TYPE_UNKNOWN", at, `${quote(textOf(value))} is no known type; the variable takes any value.`, nodeId);
  return ANY;
}

/** Does every value of type `from` enter `to` unchanged? */
export function fitsInto(from: ValueType, to: ValueType): boolean {
  if (to.kind === "any") return true;
  if (from.kind === "array" && to.kind === "array") return fitsInto(from.items, to.items);
  if (from.kind === "integer" && to.kind === "number") return true;
  if (from.kind === "file" && to.kind === "file") return to.file === null || to.file === from.file;
  return from.kind === to.kind;
}

/** The narrowest type that holds both. */
export function commonType(left: ValueType, right: ValueType): ValueType {
  if (fitsInto(left, right)) return right;
  return fitsInto(right, left) ? left : ANY;
}

/** The type of an array's elements; any for what is no array. */
export function elementType(type: ValueType): ValueType {
  return type.kind === "array" ? type.items : ANY;
}

/** A Start parameter as JSON Schema. A file of no said kind is not checked: the schema has a word for each kind only. */
export function schemaOf(type: ValueType): { [keyword: string]: Json } {
  switch (type.kind) {
    case "any":
      return {};
    case "array":
      return { type: "array", ...(type.items.kind === "any" ? {} : { items: schemaOf(type.items) }) };
    case "file":
      return type.file === null ? {} : { "x-file": type.file };
    default:
      return { type: type.kind };
  }
}

/** `{ type }` of a declared output or variable; a variable that takes anything says nothing. */
export function typeMember(type: ValueType): { readonly [member: string]: Json } {
  return type.kind === "any" ? {} : record([["type", typeName(type)]]);
}
