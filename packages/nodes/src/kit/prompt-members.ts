import type { Json } from "@millrace/contract";
import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { BACKUP, MODEL, modelName } from "#kit/model-name";
import { MAX_FILES, MAX_MESSAGES } from "#kit/prompt";
import { anyValue, templateText } from "#kit/schema";

const MAX_OUTPUT_TOKENS = 1_000_000;

/** Which model, and what it is asked. The names of models are literal members. */
export const promptMembers = {
  model: Type.Optional(modelName(MODEL)),
  backup: Type.Optional(modelName(BACKUP)),
  system: Type.Optional(templateText("What the model is to be and to do; goes before everything else.")),
  messages: Type.Optional(
    anyValue(
      `What was said before the prompt: an array of { role: "user" | "assistant" | "system", content: text }, ${MAX_MESSAGES} at most; an assistant's may have toolCalls, which { role: "tool", results: [{ id, name, output, isError }] } answers. Null: nothing.`,
    ),
  ),
  prompt: Type.Optional(templateText("What the model is asked.")),
  files: Type.Optional(
    anyValue(
      `Images and other files that go with the prompt, ${MAX_FILES} at most: files of the run, { name, format, base64 }, or http or https URLs that are fetched. Null: none.`,
    ),
  ),
};

/** How the model is to answer. */
export const answerMembers = {
  temperature: Type.Optional(dynamic(Type.Number({ minimum: 0, maximum: 2, description: "How freely the model chooses its words." }))),
  maxOutputTokens: Type.Optional(
    dynamic(Type.Integer({ minimum: 1, maximum: MAX_OUTPUT_TOKENS, description: "Tokens of the answer at most, reasoning included." })),
  ),
};

export interface PromptConfig {
  readonly model?: string;
  readonly backup?: string;
  readonly system?: Json;
  readonly messages?: Json;
  readonly prompt?: Json;
  readonly files?: Json;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
}
