import { STRING } from "@millrace/engine";
import { checkCases } from "#condition/check";
import { type Config, configSchema, ELSE } from "#condition/config";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "condition",
  config: configSchema,
  // A condition never fails: what cannot be evaluated reads as null.
  members: { cases: "lenient" },
  ports: (config) => [...(config as unknown as Config).cases.map(({ port }) => port), ELSE],
  result: () => ({ fields: { case: STRING }, open: false }),
  check: checkCases,
});
