import type { Json } from "@millrace/contract";
import { ANY, convert, STRING, typeName, type ValueType } from "@millrace/engine";
import { record } from "#flow/json";
import { fitsInto } from "#flow/types";
import { isIdentifier } from "#flow/vendor";

/** An expression of the native language, and what it is known to give. */
export interface Expression {
  readonly code: string;
  readonly type: ValueType;
}

/** A value on its way into a native config. */
export type FlowValue = { readonly literal: Json } | Expression;

export const NULL: Expression = { code: "null", type: ANY };

/** Names that the expression language never reads. */
const UNREADABLE: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function isReadable(name: string): boolean {
  return !UNREADABLE.has(name);
}

/** The native name of a field that only this document reads: the vendor's own, made readable. */
export function fieldName(name: string): string {
  return isReadable(name) ? name : `${name}_`;
}

/** `start.q`, `start["a-b"]`; what cannot be read is null. */
export function member(object: string, name: string): string {
  if (!isReadable(name)) return NULL.code;
  return isIdentifier(name) ? `${object}.${name}` : `${object}[${stringCode(name)}]`;
}

/** A string literal. Braces that could be taken for the end of a template's expression are escaped. */
export function stringCode(text: string): string {
  const code = JSON.stringify(text);
  return code.includes("{{") || code.includes("}}") ? code.replaceAll("{", "\\u007b").replaceAll("}", "\\u007d") : code;
}

/** Any JSON value as code; lists and objects as text that is parsed, so that no member name means anything. */
function literalCode(value: Json): string {
  if (typeof value === "string") return stringCode(value);
  // The language refuses whole numbers that a double may have rounded; as text they convert all the same.
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return stringCode(String(value));
  return typeof value === "object" && value !== null ? `JSON.parse(${stringCode(JSON.stringify(value))})` : String(value);
}

export function codeOf(value: FlowValue): string {
  return "code" in value ? value.code : literalCode(value.literal);
}

/** The value as it enters a declared type. A literal that does not fit stays a conversion, which fails when it is reached. */
export function convertTo(value: FlowValue, type: ValueType): FlowValue {
  if ("code" in value) return fitsInto(value.type, type) || value === NULL ? value : { code: conversion(value.code, type), type };
  const converted = convert(value.literal, type);
  return converted.ok ? { literal: converted.value } : { code: conversion(literalCode(value.literal), type), type };
}

function conversion(code: string, type: ValueType): string {
  return `convert(${code}, ${stringCode(typeName(type))})`;
}

/** The text of a value, "" for null: what a template writes. */
export function textCode(value: Expression): string {
  return `${value.type.kind === "string" ? value.code : conversion(value.code, STRING)} ?? ""`;
}

/** The value as a config member. */
export function configOf(value: FlowValue): Json {
  return "code" in value ? `{{ ${value.code} }}` : escapeDeep(value.literal);
}

/** Text that a native string shows as it is. */
export function escapeText(text: string): string {
  return text.replaceAll("{{", "\\{{");
}

/** A literal whose strings are shown as they are. */
function escapeDeep(value: Json): Json {
  if (typeof value === "string") return escapeText(value);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(escapeDeep);
  return record(Object.entries(value).map(([name, item]) => [name, escapeDeep(item)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
