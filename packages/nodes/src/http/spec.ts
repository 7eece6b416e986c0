import { ANY, INTEGER, OBJECT } from "@millrace/engine";
import { checkRequest } from "#http/check";
import { configSchema } from "#http/config";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "http",
  effect: "outside",
  config: configSchema,
  result: () => ({
    fields: { status: INTEGER, headers: OBJECT, body: ANY, file: OBJECT },
    open: false,
  }),
  secretFields: ["/request/auth", "/request/headers", "/request/query"],
  check: checkRequest,
});
