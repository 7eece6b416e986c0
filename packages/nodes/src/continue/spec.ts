import { defineSpec, noConfig } from "#kit/spec";

export const spec = defineSpec({
  type: "continue",
  config: noConfig,
  role: "leave",
  ports: () => [],
  result: () => ({ fields: {}, open: false }),
});
