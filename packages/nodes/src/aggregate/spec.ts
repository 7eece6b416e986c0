import { isJsonObject } from "@millrace/contract";
import { ANY } from "@millrace/engine";
import Type from "typebox";
import { anyValue, IDENTIFIER_PATTERN } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    groups: Type.Record(
      Type.String({ pattern: IDENTIFIER_PATTERN }),
      Type.Array(anyValue("A value or an expression."), { minItems: 1, description: "Candidates, the first choice first." }),
      { minProperties: 1, additionalProperties: false, description: "One result field a group: its first candidate that is not null." },
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "aggregate",
  config,
  result: ({ groups }) => ({
    fields: isJsonObject(groups) ? Object.fromEntries(Object.keys(groups).map((name) => [name, ANY])) : {},
    open: false,
  }),
});
