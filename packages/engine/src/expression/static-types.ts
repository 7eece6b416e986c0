import type { BinaryOperator, UnaryOperator } from "#expression/ast";
import type { ParameterType } from "#expression/functions/parameter";
import type { Receiver } from "#expression/functions/row";
import { ANY, BOOLEAN, INTEGER, NUMBER, STRING, type ValueType } from "#value/types";

/** Every type may also be null at run time: null goes through members, methods and joined text without an error. */
export function receiverOf(type: ValueType): Exclude<Receiver, "any"> | null {
  switch (type.kind) {
    case "any":
      return null;
    case "integer":
    case "number":
      return "number";
    case "array":
      return "list";
    case "object":
    case "file":
      return "object";
    default:
      return type.kind;
  }
}

const FILE_FIELDS: ReadonlyMap<string, ValueType> = new Map([
  ["url", STRING],
  ["name", STRING],
  ["format", STRING],
  ["size", INTEGER],
  ["sha256", STRING],
]);

export function fieldsOf(type: ValueType): ReadonlyMap<string, ValueType> {
  if (type.kind === "object") return new Map(Object.entries(type.fields ?? {}));
  if (type.kind === "file") return FILE_FIELDS;
  return new Map(type.kind === "array" || type.kind === "string" ? [["length", INTEGER]] : []);
}

export function memberType(type: ValueType, name: string): ValueType {
  if (type.kind !== "object") return fieldsOf(type).get(name) ?? ANY;
  return type.fields !== undefined && Object.hasOwn(type.fields, name) ? (type.fields[name] ?? ANY) : ANY;
}

export function elementType(type: ValueType): ValueType {
  if (type.kind === "array") return type.items;
  return type.kind === "string" ? STRING : ANY;
}

function isNumeric(type: ValueType): boolean {
  return type.kind === "number" || type.kind === "integer";
}

/** Can a value of the type be a number? */
function mayBeNumber(type: ValueType): boolean {
  return type.kind === "any" || isNumeric(type);
}

/** The type that an operator gives, or null: it can only fail. */
export function binaryType(operator: BinaryOperator, left: ValueType, right: ValueType): ValueType | null {
  if (operator === "+") return sumType(left, right);
  if (operator === "-" || operator === "*" || operator === "/" || operator === "%") {
    if (!mayBeNumber(left) || !mayBeNumber(right)) return null;
    return operator !== "/" && left.kind === "integer" && right.kind === "integer" ? INTEGER : NUMBER;
  }
  return BOOLEAN;
}

function sumType(left: ValueType, right: ValueType): ValueType | null {
  if (left.kind === "string" || right.kind === "string") return STRING;
  if (isNumeric(left) && isNumeric(right)) return left.kind === "integer" && right.kind === "integer" ? INTEGER : NUMBER;
  return left.kind === "any" || right.kind === "any" ? ANY : null;
}

export function unaryType(operator: UnaryOperator, operand: ValueType): ValueType | null {
  if (operator === "!") return BOOLEAN;
  if (isNumeric(operand)) return operand;
  if (operand.kind === "any") return NUMBER;
  return operator === "+" && (operand.kind === "string" || operand.kind === "boolean") ? NUMBER : null;
}

/** Can a value of the type be such an argument? */
export function fits(type: ValueType, parameter: ParameterType): boolean {
  if (type.kind === "any") return true;
  switch (parameter) {
    case "any":
    case "text":
      return true;
    case "number":
    case "integer":
      return isNumeric(type);
    case "list":
      return type.kind === "array";
    case "object":
      return type.kind === "object" || type.kind === "file";
    case "callback":
      return false;
    default:
      return type.kind === parameter;
  }
}
