import type { JsonObject } from "@millrace/contract";
import { ANY, arrayOf, INTEGER, type Problem } from "@millrace/engine";
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

function check(config: JsonObject): readonly Problem[] {
  const { where = [], match, keep, limit } = config as unknown as Config;
  return [
    ...where.flatMap(({ op }, index) => checkOperator(op, `/where/${index}/op`)),
    ...(match !== undefined && where.length === 0
      ? [unused("match", "match says how comparisons combine, and there are none in where")]
      : []),
    ...(keep !== undefined && limit === undefined ? [unused("keep", "keep says which items limit leaves, and there is no limit")] : []),
  ];
}

function unused(member: string, message: string): Problem {
  return { code: "unused_member", level: "error", path: `/${member}`, message };
}
