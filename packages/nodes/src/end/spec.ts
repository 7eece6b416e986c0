import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { exactlyOne } from "#kit/exactly-one";
import { anyValue, templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    output: Type.Optional(
      dynamic(Type.Record(Type.String(), anyValue("A value or an expression."), { description: "The members of the run's output." })),
    ),
    text: Type.Optional(templateText("The run's output as one text: it becomes the member `output`.")),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "end",
  config,
  role: "end",
  ports: () => [],
  result: () => ({ fields: {}, open: false }),
  check: (given) => exactlyOne(given, ["output", "text"], ""),
});
