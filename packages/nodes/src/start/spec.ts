import { isJsonObject } from "@millrace/contract";
import Type from "typebox";
import { schemaFields } from "#kit/schema-fields";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    input: Type.Optional(
      Type.Object(
        { type: Type.Literal("object", { description: "The input of a run is an object." }) },
        {
          additionalProperties: true,
          description:
            'JSON Schema of the run\'s input: one member of `properties` a parameter. `default` fills in an absent one; a file is { "x-file": "doc" }.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "start",
  config,
  members: { input: "literal" },
  role: "entry",
  result: ({ input }) => ({ fields: isJsonObject(input) ? schemaFields(input) : {}, open: false }),
});
