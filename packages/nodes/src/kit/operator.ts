import { didYouMean, findOperator, OPERATORS, type Problem } from "@millrace/engine";

/** The problem of an operator that there is not. */
export function checkOperator(op: string, path: string): readonly Problem[] {
  if (findOperator(op) !== null) return [];
  const names = Object.keys(OPERATORS);
  const hint = didYouMean(op, names) ?? `operators are ${names.join(", ")}`;
  return [{ code: "unknown_operator", level: "error", path, message: `unknown operator ${op}`, hint }];
}
