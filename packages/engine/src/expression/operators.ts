import type { Json } from "@millrace/contract";
import type { BinaryOperator } from "#expression/ast";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { finite, numberFrom } from "#expression/functions/math";
import { meteredEqual, meteredText, truthy } from "#expression/values";
import { describe } from "#value/types";

export type BinaryCode = (left: Json, right: Json, meter: Meter) => Json;

export const BINARY_CODES: { readonly [operator in BinaryOperator]: BinaryCode } = {
  "+": add,
  "-": arithmetic("-", (left, right) => left - right),
  "*": arithmetic("*", (left, right) => left * right),
  "/": divide,
  "%": remainder,
  "==": meteredEqual,
  "!=": (left, right, meter) => !meteredEqual(left, right, meter),
  "<": ordered((left, right) => left < right),
  "<=": ordered((left, right) => left <= right),
  ">": ordered((left, right) => left > right),
  ">=": ordered((left, right) => left >= right),
};

/** Two numbers are added; a string and anything are joined. */
function add(left: Json, right: Json, meter: Meter): Json {
  if (typeof left === "number" && typeof right === "number") return finite(left + right, "+");
  if (typeof left === "string" || typeof right === "string") return join(meteredText(left, meter), meteredText(right, meter), meter);
  throw fault("wrong_type", `"+" needs two numbers or a string, not ${describe(left)} and ${describe(right)}.`);
}

function join(left: string, right: string, meter: Meter): string {
  meter.join(left.length + right.length, Math.max(left.length, right.length));
  return left + right;
}

function arithmetic(operator: string, body: (left: number, right: number) => number): BinaryCode {
  return (left, right) => {
    if (typeof left === "number" && typeof right === "number") return finite(body(left, right), operator);
    throw fault("wrong_type", `"${operator}" needs two numbers, not ${describe(left)} and ${describe(right)}.`);
  };
}

const quotient = arithmetic("/", (left, right) => left / right);
const rest = arithmetic("%", (left, right) => left % right);

function divide(left: Json, right: Json, meter: Meter): Json {
  refuseZero(left, right);
  return quotient(left, right, meter);
}

function remainder(left: Json, right: Json, meter: Meter): Json {
  refuseZero(left, right);
  return rest(left, right, meter);
}

function refuseZero(left: Json, right: Json): void {
  if (right === 0 && typeof left === "number") throw fault("not_finite", "Division by zero: the result is not a finite number.");
}

/** Numbers by value, strings by UTF-16 unit; anything else, or a mixture, does not hold. */
function ordered(holds: (left: number | string, right: number | string) => boolean): BinaryCode {
  return (left, right, meter) => {
    if (typeof left === "number" && typeof right === "number") return holds(left, right);
    if (typeof left !== "string" || typeof right !== "string") return false;
    meter.scan(Math.min(left.length, right.length));
    return holds(left, right);
  };
}

export function negate(value: Json): Json {
  if (typeof value === "number") return finite(-value, "-");
  throw fault("wrong_type", `"-" needs a number, not ${describe(value)}.`);
}

export function toNumber(value: Json): Json {
  if (value === null || typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string") return numberFrom(value);
  throw fault("wrong_type", `"+" before a value needs a number, a text or a boolean, not ${describe(value)}.`);
}

export function invert(value: Json): Json {
  return !truthy(value);
}
