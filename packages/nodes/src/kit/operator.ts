import { say } from "@millrace/contract";
import { findOperator, nearHint, OPERATORS, type SaidProblem } from "@millrace/engine";

/** The problem of an operator that there is not. */
export function checkOperator(op: string, path: string): readonly SaidProblem[] {
  if (findOperator(op) !== null) return [];
  const names = Object.keys(OPERATORS);
  const hint = nearHint(op, names) ?? say`operators are ${names.join(", ")}`;
  return [{ code: "unknown_operator", level: "error", path, message: say`unknown operator ${op}`, hint }];
}
