import { compareCodePoints, type Json } from "@millrace/contract";
import { equal } from "#value/equal";
import { fileUrl } from "#value/file";
import { isList, isObject } from "#value/json";
import { readNumber } from "#value/number";
import { parseJson } from "#value/parse-json";
import { textOf } from "#value/text";

/** The operators of a condition's rows. They compare loosely, as forms do, and never throw. */
export type OperatorName = keyof typeof OPERATORS;
export type Operator = (left: Json, right: Json) => boolean;

export const OPERATORS = {
  eq,
  neq: not(eq),
  gt: ordered((order) => order > 0),
  gte: ordered((order) => order >= 0),
  lt: ordered((order) => order < 0),
  lte: ordered((order) => order <= 0),
  contains,
  not_contains: not(contains),
  starts_with: (left, right) => textOf(left).startsWith(textOf(right)),
  ends_with: (left, right) => textOf(left).endsWith(textOf(right)),
  in: isIn,
  not_in: not(isIn),
  is_empty: isEmpty,
  is_not_empty: not(isEmpty),
  is_true: (left) => readBoolean(left) === true,
  is_false: (left) => readBoolean(left) === false,
  length_eq: measured((length, right) => length === right),
  length_gt: measured((length, right) => length > right),
  length_gte: measured((length, right) => length >= right),
  length_lt: measured((length, right) => length < right),
  length_lte: measured((length, right) => length <= right),
} as const satisfies { readonly [name: string]: Operator };

/** The operators that look at the left operand only. */
export const UNARY_OPERATORS: ReadonlySet<OperatorName> = new Set<OperatorName>(["is_empty", "is_not_empty", "is_true", "is_false"]);

const ALSO_READ: { readonly [name in OperatorName]?: readonly string[] } = {
  eq: ["=", "==", "equals", "is"],
  neq: ["!=", "≠", "ne", "notEquals", "isNot"],
  gt: [">"],
  gte: [">=", "≥", "ge"],
  lt: ["<"],
  lte: ["<=", "≤", "le"],
  contains: ["includes", "has"],
  not_contains: ["doesNotContain", "notIncludes"],
  is_empty: ["empty", "hasNoValue", "isNull"],
  is_not_empty: ["notEmpty", "hasValue", "isNotNull"],
  length_eq: ["length=", "length=="],
  length_gt: ["length>"],
  length_gte: ["length>=", "length≥"],
  length_lt: ["length<"],
  length_lte: ["length<=", "length≤"],
};

const NAMES = Object.keys(OPERATORS) as OperatorName[];
const BY_SPELLING: ReadonlyMap<string, OperatorName> = new Map(
  NAMES.flatMap((name) => [name, ...(ALSO_READ[name] ?? [])].map((spelling) => [normalise(spelling), name] as const)),
);

/** The canonical name of an operator in any spelling; case, `_`, `-` and blanks do not count. Null: not known. */
export function findOperator(spelling: string): OperatorName | null {
  return BY_SPELLING.get(normalise(spelling)) ?? null;
}

function normalise(spelling: string): string {
  return spelling.toLowerCase().replace(/[_\-\s]/g, "");
}

function not(operator: Operator): Operator {
  return (left, right) => !operator(left, right);
}

/** A file takes part in a comparison as its URL. */
function plain(value: Json): Json {
  return fileUrl(value) ?? value;
}

function eq(leftValue: Json, rightValue: Json): boolean {
  const left = plain(leftValue);
  const right = plain(rightValue);
  if (left === null || right === null) return left === right;
  if (jsonType(left) === jsonType(right)) return equal(left, right);
  return looselyEqual(left, right) ?? textOf(left) === textOf(right);
}

/** Number against numeric string, boolean against its word; null where neither is at hand. */
function looselyEqual(left: Json, right: Json): boolean | null {
  if (typeof left === "number" || typeof right === "number") return equalIfRead(readNumber(left), readNumber(right));
  if (typeof left === "boolean" || typeof right === "boolean") return equalIfRead(readBoolean(left), readBoolean(right));
  return null;
}

function equalIfRead(left: Json, right: Json): boolean | null {
  return left === null || right === null ? null : left === right;
}

function jsonType(value: Json): string {
  return isList(value) ? "array" : typeof value;
}

function readBoolean(value: Json): boolean | null {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : "";
  return word === "true" || word === "false" ? word === "true" : null;
}

function ordered(holds: (order: number) => boolean): Operator {
  return (left, right) => {
    const order = compare(left, right);
    return order !== null && holds(order);
  };
}

function compare(left: Json, right: Json): number | null {
  const l = readNumber(left);
  const r = readNumber(right);
  if (l !== null && r !== null) return l === r ? 0 : l < r ? -1 : 1;
  return typeof left === "string" && typeof right === "string" ? compareCodePoints(left, right) : null;
}

function contains(container: Json, right: Json): boolean {
  const left = plain(container);
  if (typeof left === "string") return left.includes(textOf(right));
  if (isList(left)) return left.some((item) => eq(item, right));
  return isObject(left) && Object.hasOwn(left, textOf(right));
}

function isIn(left: Json, right: Json): boolean {
  const list = typeof right === "string" ? (parseJson(right) ?? null) : right;
  return isList(list) && list.some((item) => eq(item, left));
}

/** Null, `""`, `[]` and `{}`. */
export function isEmpty(value: Json): boolean {
  if (value === null || value === "") return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function measured(holds: (length: number, right: number) => boolean): Operator {
  return (left, right) => {
    const length = lengthOf(plain(left));
    const number = readNumber(right);
    return length !== null && number !== null && holds(length, number);
  };
}

/** Code points of a string, elements, members; 0 for null; null for what has no length. */
function lengthOf(value: Json): number | null {
  if (value === null) return 0;
  if (typeof value === "string") return codePoints(value);
  if (isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : null;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
