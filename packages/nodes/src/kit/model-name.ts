import { BUILT_IN_MODELS, type JsonObject, LIMITS, type RetryPolicy } from "@millrace/contract";
import type { ConnectionUse } from "@millrace/engine";
import Type from "typebox";

/** Of nodes that ask a model, where the workflow says nothing: providers are busy now and then, and say when to come back. */
export const MODEL_RETRY: RetryPolicy = { maxAttempts: 3, initialMs: 1_000, factor: 2, maxMs: 30_000, jitter: true };

/** What connections a workflow uses is known before it runs, so no expression names a model. */
const LITERAL_NAME = "^[^{}]+$";

/** A config member that names a model. */
export function modelName(description: string) {
  return Type.String({ pattern: LITERAL_NAME, maxLength: LIMITS.modelCharacters.value, description });
}

export const MODEL = "`connection/model`, as `openai/gpt-5-mini`, or `offline/extractive`. Absent: the server's default model.";
export const BACKUP = "Asked instead where the model cannot be reached, refuses the key or has no room.";

/** For specs whose config has literal members `model` and `backup`. */
export function namedModels(config: JsonObject): readonly ConnectionUse[] {
  return ["model", "backup"].flatMap((member) => {
    const value = config[member];
    const [, name, model] = typeof value === "string" ? (NAME.exec(value) ?? []) : [];
    return name === undefined || model === undefined || name === BUILT_IN_MODELS ? [] : [{ name, model, at: [member] }];
  });
}

const NAME = /^([^/]+)\/(.+)$/s;
