import type { Json, JsonObject } from "@millrace/contract";
import { findOperator, UNARY_OPERATORS } from "@millrace/engine";
import { configOf, escapeText } from "#flow/expression";
import { listOf, objectOf, textOf } from "#flow/json";
import { emptyOutputs, type Translated } from "#flow/nodes/translated";
import { quote } from "#flow/problems";
import type { ValueReader } from "#flow/values";

interface Branch {
  readonly raw: JsonObject;
  readonly at: string;
  readonly port: string;
  /** Lower ones are tried first. */
  readonly priority: number;
}

/** The branches in the order in which they are tried; ELSE is the native port `else`. */
export function translateCondition(values: ValueReader): Translated {
  const { node } = values;
  const branches = listOf(node.param["conditionBranches"]).map((value, index): Branch => {
    const raw = objectOf(value);
    const at = `${node.paramAt}.conditionBranches[${index}]`;
    return { raw, at, port: node.ports?.branches[index] ?? "", priority: priorityOf(raw["priority"]) };
  });
  const tried = branches.filter(({ raw }) => raw["type"] !== "ELSE").toSorted((a, b) => compare(a.priority, b.priority));
  const cases = tried.map((branch) => translateBranch(branch, values));
  // With ELSE alone there is nothing to try, but a native condition has a case.
  return { type: "condition", config: { cases: cases.length > 0 ? cases : [{ port: "never", rows: [] }] }, ...emptyOutputs(node) };
}

/** Without a priority: after all that have one. */
function priorityOf(value: Json | undefined): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : Number.POSITIVE_INFINITY;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function translateBranch({ raw, at, port }: Branch, values: ValueReader): Json {
  const conditions = listOf(raw["conditions"]);
  if (conditions.length === 0) {
    values.translation.report(values.node, "MR_COND_SHAPE", `${at}.conditions`, "The branch has no conditions, so it is never taken.");
    return { port, rows: [] };
  }
  const any = textOf(raw["logicOperator"]).toUpperCase() === "OR";
  const rows = conditions.map((condition, index) => translateRow(objectOf(condition), `${at}.conditions[${index}]`, values));
  return { port, ...(any ? { match: "any" } : {}), rows };
}

/** What is not complete or not known is left as it is, so that publishing names it too. */
function translateRow(condition: JsonObject, at: string, values: ValueReader): Json {
  const { node, translation } = values;
  const spelling = textOf(condition["operator"]);
  const operator = findOperator(spelling);
  if (operator === null) translation.report(node, "MR_COND_OPERATOR", `${at}.operator`, `${quote(spelling)} is no operator.`);
  const unary = operator !== null && UNARY_OPERATORS.has(operator);
  const operands = unary ? ["leftOperand"] : ["leftOperand", "rightOperand"];
  if (operands.some((name) => (condition[name] ?? null) === null)) {
    translation.report(node, "MR_COND_SHAPE", at, `A condition has ${unary ? "a left operand" : "two operands"}.`);
  }
  return { ...operand("left", "leftOperand"), op: operator ?? escapeText(spelling), ...(unary ? {} : operand("right", "rightOperand")) };

  function operand(native: string, name: string): { readonly [member: string]: Json } {
    const value = condition[name] ?? null;
    return value === null ? {} : { [native]: configOf(values.operand(value, `${at}.${name}`)) };
  }
}
