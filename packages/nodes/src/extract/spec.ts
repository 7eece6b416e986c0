import { isJsonObject, type JsonObject, say } from "@millrace/contract";
import { OBJECT, type SaidProblem } from "@millrace/engine";
import Type from "typebox";
import { checkAnswerSchema } from "#kit/answer-schema";
import { BACKUP, MODEL, MODEL_RETRY, modelName, namedModels } from "#kit/model-name";
import { templateText } from "#kit/schema";
import { schemaFields } from "#kit/schema-fields";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    model: Type.Optional(modelName(MODEL)),
    backup: Type.Optional(modelName(BACKUP)),
    text: templateText("The text to read."),
    instructions: Type.Optional(templateText("What the model should know besides: what counts, what does not, in which units.")),
    schema: Type.Object(
      { type: Type.Literal("object", { description: "What is read is an object." }) },
      {
        additionalProperties: true,
        description: "JSON Schema of what is read: one member of `properties` a result field. Describe each; the model reads that.",
      },
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "extract",
  effect: "outside",
  paid: true,
  config,
  members: { model: "literal", backup: "literal", schema: "literal" },
  result: ({ schema }) => ({ fields: { ...(isJsonObject(schema) && schemaFields(schema)), usage: OBJECT }, open: false }),
  connections: namedModels,
  retry: MODEL_RETRY,
  check,
});

function check(config: JsonObject): readonly SaidProblem[] {
  const schema = config["schema"] as JsonObject;
  const properties = schema["properties"];
  const problems = [...checkAnswerSchema(schema, "/schema")];
  if (!isJsonObject(properties) || Object.keys(properties).length === 0)
    problems.push({ code: "required", level: "error", path: "/schema/properties", message: say`the schema names nothing to read` });
  else if (properties["usage"] !== undefined)
    problems.push({
      code: "reserved_field",
      level: "error",
      path: "/schema/properties/usage",
      message: say`usage is a field of the node itself`,
    });
  return problems;
}
