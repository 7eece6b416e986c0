import { defineSpec } from "#kit/spec";
import { checkLoop, configSchema, variableTypes } from "#loop/config";

export const spec = defineSpec({
  type: "loop",
  config: configSchema,
  members: { while: "iteration", collect: "body", body: "graph" },
  role: "container",
  result: (config) => ({
    fields: { ...variableTypes(config), items: { kind: "array", items: { kind: "any" } }, count: { kind: "integer" } },
    open: false,
  }),
  container: { mode: "sequential", variables: variableTypes },
  check: checkLoop,
});
