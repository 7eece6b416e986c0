import { ANY, STRING } from "@millrace/engine";
import Type from "typebox";
import { orExpression } from "#kit/schema";
import { defineSpec } from "#kit/spec";
import { namedTools, toolName } from "#kit/tool-name";

const config = Type.Object(
  {
    tool: toolName,
    input: Type.Optional(
      orExpression(
        Type.Record(Type.String(), Type.Unknown(), { description: "What the tool is given, by name; `body`: the body of an operation." }),
      ),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "tool",
  effect: "outside",
  config,
  members: { tool: "literal" },
  tools: namedTools,
  result: () => ({ fields: { result: ANY, text: STRING }, open: false }),
});
