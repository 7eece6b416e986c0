import { STRING } from "@millrace/engine";
import Type from "typebox";
import { orExpression } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    workflow: Type.String({ minLength: 1, description: "Name or id of the workflow to call." }),
    version: Type.Optional(
      Type.String({ minLength: 1, default: "live", description: "`live`: the one that is live when the node is reached; or a version." }),
    ),
    input: Type.Optional(
      orExpression(Type.Record(Type.String(), Type.Unknown(), { description: "The input of the called workflow; absent: {}." })),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "workflow",
  effect: "outside",
  config,
  result: () => ({ fields: { workflowRunId: STRING }, open: true }),
});
