import { ANY, INTEGER, OBJECT } from "@millrace/engine";
import { checkRequest } from "#http/check";
import { configSchema } from "#http/config";
import { namedConnection } from "#kit/connection";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "http",
  effect: "outside",
  config: configSchema,
  result: () => ({
    fields: { status: INTEGER, headers: OBJECT, body: ANY, file: OBJECT },
    open: false,
  }),
  members: { connection: "literal" },
  secretFields: ["/request/url", "/request/query", "/request/headers", "/request/auth", "/request/body"],
  connections: namedConnection,
  check: checkRequest,
});
