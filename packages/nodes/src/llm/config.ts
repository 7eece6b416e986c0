import type { Json, JsonObject } from "@millrace/contract";
import Type from "typebox";
import { MAX_TOOL_ENTRIES, MODEL_TOOL_NAME } from "#kit/model-tool";
import { answerMembers, type PromptConfig, promptMembers } from "#kit/prompt-members";
import { templateText } from "#kit/schema";

const tool = Type.Object(
  {
    name: Type.String({ pattern: MODEL_TOOL_NAME, description: "What the model calls it." }),
    description: templateText("What it does and when to use it: the model reads that."),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "JSON Schema of an object: what the model gives. Absent: nothing." }),
    ),
  },
  { additionalProperties: false },
);

export const configSchema = Type.Object(
  {
    ...promptMembers,
    output: Type.Optional(
      Type.Enum(["text", "json"], { default: "text", description: "What the answer is to be; with a schema it is always json." }),
    ),
    schema: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "JSON Schema of the answer. An answer that does not fit is repaired once.",
      }),
    ),
    tools: Type.Optional(
      Type.Array(tool, {
        maxItems: MAX_TOOL_ENTRIES,
        description:
          "Offered to the model. What it would call is in toolCalls, and the workflow's business; an agent node calls by itself.",
      }),
    ),
    ...answerMembers,
  },
  { additionalProperties: false },
);

export interface Config extends PromptConfig {
  readonly output?: "text" | "json";
  readonly schema?: JsonObject;
  readonly tools?: readonly Tool[];
}

export interface Tool {
  readonly name: string;
  readonly description: Json;
  readonly parameters?: JsonObject;
}
