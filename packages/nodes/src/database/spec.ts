import { arrayOf, BOOLEAN, INTEGER, OBJECT, STRING } from "@millrace/engine";
import { checkStatement } from "#database/check";
import { configSchema } from "#database/config";
import { namedConnection } from "#kit/connection";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "database",
  effect: "outside",
  config: configSchema,
  members: { connection: "literal", sql: "literal", write: "literal" },
  result: () => ({ fields: { rows: arrayOf(OBJECT), rowCount: INTEGER, columns: arrayOf(STRING), truncated: BOOLEAN }, open: false }),
  connections: namedConnection,
  check: checkStatement,
});
