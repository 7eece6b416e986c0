import { checkRequest } from "#http/check";
import { configSchema } from "#http/config";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "http",
  effect: true,
  config: configSchema,
  result: () => ({
    fields: { status: { kind: "integer" }, headers: { kind: "object" }, body: { kind: "any" }, file: { kind: "object" } },
    open: false,
  }),
  secretFields: ["/request/auth", "/request/headers", "/request/query"],
  check: checkRequest,
});
