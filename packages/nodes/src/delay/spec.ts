import { type JsonObject, say } from "@millrace/contract";
import { dynamic, hasExpression, INTEGER, readDate, type SaidProblem } from "@millrace/engine";
import Type from "typebox";
import { exactlyOne } from "#kit/exactly-one";
import { orExpression } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const YEAR_MS = 365 * 86_400_000;

const config = Type.Object(
  {
    until: Type.Optional(
      orExpression(
        Type.Union([Type.Integer(), Type.String()], {
          description: "The moment to wait for: ms since 1970, or a date as a text; UTC where it names no zone.",
        }),
      ),
    ),
    forMs: Type.Optional(dynamic(Type.Integer({ minimum: 0, maximum: YEAR_MS, description: "How long to wait, ms." }))),
  },
  { additionalProperties: false },
);

function check(config: JsonObject): readonly SaidProblem[] {
  const { until } = config;
  const unreadable = typeof until === "string" && !hasExpression(until) && readDate(until) === null;
  const date: SaidProblem = {
    code: "not_a_date",
    level: "error",
    path: "/until",
    message: say`The text is no date: 2030-01-31T09:00:00Z is one.`,
  };
  return [...exactlyOne(config, ["until", "forMs"], ""), ...(unreadable ? [date] : [])];
}

export const spec = defineSpec({
  type: "delay",
  config,
  result: () => ({ fields: { firedAt: INTEGER }, open: false }),
  check,
});
