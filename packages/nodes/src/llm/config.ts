import type { JsonObject } from "@millrace/contract";
import Type from "typebox";
import { answerMembers, type PromptConfig, promptMembers } from "#kit/prompt-members";

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
    ...answerMembers,
  },
  { additionalProperties: false },
);

export interface Config extends PromptConfig {
  readonly output?: "text" | "json";
  readonly schema?: JsonObject;
}
