import { defineSpec, noConfig } from "#kit/spec";

export const spec = defineSpec({
  type: "break",
  config: noConfig,
  role: "leave",
  ports: () => [],
  result: () => ({ fields: {}, open: false }),
  // A batch runs its items side by side: there is no "rest" that one of them could call off.
  allowedInBatch: false,
});
