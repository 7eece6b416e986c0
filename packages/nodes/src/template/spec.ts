import { STRING } from "@millrace/engine";
import Type from "typebox";
import { templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "template",
  config: Type.Object(
    { text: templateText("The text to write; expressions in it are replaced by the text of their values.") },
    { additionalProperties: false },
  ),
  result: () => ({ fields: { text: STRING }, open: false }),
});
