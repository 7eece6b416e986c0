import { ANY, arrayOf, INTEGER } from "@millrace/engine";
import { defineSpec } from "#kit/spec";
import { checkLoop, configSchema, variableTypes } from "#loop/config";

export const spec = defineSpec({
  type: "loop",
  config: configSchema,
  members: { while: "iteration", collect: "body", body: "graph" },
  role: "container",
  result: (config) => ({
    fields: { ...variableTypes(config), items: arrayOf(ANY), count: INTEGER },
    open: false,
  }),
  container: { mode: "sequential", variables: variableTypes },
  check: checkLoop,
});
