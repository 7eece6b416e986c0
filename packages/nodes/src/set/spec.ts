import { isJsonObject } from "@millrace/contract";
import Type from "typebox";
import { anyValue, IDENTIFIER_PATTERN } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    assign: Type.Record(Type.String({ pattern: IDENTIFIER_PATTERN }), anyValue("The new value, or an expression for it."), {
      minProperties: 1,
      additionalProperties: false,
      description: "Loop variables and their new values. All values are read before any is assigned.",
    }),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "set",
  config,
  result: () => ({ fields: {}, open: false }),
  assigns: ({ assign }) => (isJsonObject(assign) ? Object.keys(assign) : []),
});
