import { findOperator, OPERATORS } from "@millrace/engine";
import { type Case, type Config, ELSE, type Row } from "#condition/config";
import { spec } from "#condition/spec";
import { definePure } from "#kit/executor";

export const executor = definePure<Config>(spec, ({ cases }) => {
  const port = cases.find(holds)?.port ?? ELSE;
  return { verb: "continue", port, output: { case: port } };
});

function holds({ when, match, rows }: Case): boolean {
  if (rows === undefined) return Boolean(when);
  if (rows.length === 0) return false;
  return match === "any" ? rows.some(rowHolds) : rows.every(rowHolds);
}

function rowHolds({ left, op, right = null }: Row): boolean {
  const name = findOperator(op);
  return name !== null && OPERATORS[name](left, right);
}
