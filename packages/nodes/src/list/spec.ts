import { type JsonObject, type Said, say } from "@millrace/contract";
import { ANY, arrayOf, INTEGER, type SaidProblem } from "@millrace/engine";
import { checkOperator } from "#kit/operator";
import { defineSpec } from "#kit/spec";
import { type Config, configSchema } from "#list/config";

export const spec = defineSpec({
  type: "list",
  config: configSchema,
  members: { match: "literal", keep: "literal" },
  result: () => ({ fields: { items: arrayOf(ANY), first: ANY, last: ANY, count: INTEGER }, open: false }),
  check,
});

function check(config: JsonObject): readonly SaidProblem[] {
  const { where = [], match, keep, limit } = config as unknown as Config;
  return [
    ...where.flatMap(({ op }, index) => checkOperator(op, `/where/${index}/op`)),
    ...(match !== undefined && where.length === 0
      ? [unused("match", say`match says how comparisons combine, and there are none in where`)]
      : []),
    ...(keep !== undefined && limit === undefined ? [unused("keep", say`keep says which items limit leaves, and there is no limit`)] : []),
  ];
}

function unused(member: string, message: Said): SaidProblem {
  return { code: "unused_member", level: "error", path: `/${member}`, message };
}
