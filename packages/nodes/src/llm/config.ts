import type { Json, JsonObject } from "@millrace/contract";
import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { BACKUP, MODEL, modelName } from "#kit/model-name";
import { anyValue, templateText } from "#kit/schema";
import { MAX_FILES, MAX_MESSAGES } from "#llm/limits";

const MAX_OUTPUT_TOKENS = 1_000_000;

export const configSchema = Type.Object(
  {
    model: Type.Optional(modelName(MODEL)),
    backup: Type.Optional(modelName(BACKUP)),
    system: Type.Optional(templateText("What the model is to be and to do; goes before everything else.")),
    messages: Type.Optional(
      anyValue(
        `What was said before the prompt: an array of { role: "user" | "assistant" | "system", content: text }, ${MAX_MESSAGES} at most. Null: nothing.`,
      ),
    ),
    prompt: Type.Optional(templateText("What the model is asked.")),
    files: Type.Optional(
      anyValue(
        `Images and other files that go with the prompt, ${MAX_FILES} at most: files of the run, { name, format, base64 }, or http or https URLs that are fetched. Null: none.`,
      ),
    ),
    output: Type.Optional(
      Type.Enum(["text", "json"], { default: "text", description: "What the answer is to be; with a schema it is always json." }),
    ),
    schema: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "JSON Schema of the answer. An answer that does not fit is repaired once.",
      }),
    ),
    temperature: Type.Optional(dynamic(Type.Number({ minimum: 0, maximum: 2, description: "How freely the model chooses its words." }))),
    maxOutputTokens: Type.Optional(
      dynamic(Type.Integer({ minimum: 1, maximum: MAX_OUTPUT_TOKENS, description: "Tokens of the answer at most, reasoning included." })),
    ),
  },
  { additionalProperties: false },
);

export interface Config {
  readonly model?: string;
  readonly backup?: string;
  readonly system?: Json;
  readonly messages?: Json;
  readonly prompt?: Json;
  readonly files?: Json;
  readonly output?: "text" | "json";
  readonly schema?: JsonObject;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
}
