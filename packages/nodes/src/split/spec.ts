import { arrayOf, STRING } from "@millrace/engine";
import Type from "typebox";
import { orExpression } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    text: orExpression(Type.Union([Type.String(), Type.Null()], { description: "The text to split; null gives no pieces." })),
    delimiters: Type.Array(Type.String(), {
      description: "Texts to split at, taken literally; where several match, the longest. None: the text is one piece.",
    }),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "split",
  config,
  members: { delimiters: "literal" },
  result: () => ({ fields: { items: arrayOf(STRING) }, open: false }),
});
