import type { JsonObject } from "@millrace/contract";
import type { ConnectionUse } from "@millrace/engine";
import Type from "typebox";

/** The built-in models, which no connection has. */
const BUILT_IN = "offline";

const MAX_NAME_CHARACTERS = 300;

/** What connections a workflow uses is known before it runs, so no expression names a model. */
const LITERAL_NAME = "^[^{}]+$";

/** A config member that names a model. */
export function modelName(description: string) {
  return Type.String({ pattern: LITERAL_NAME, maxLength: MAX_NAME_CHARACTERS, description });
}

export const MODEL = "`connection/model`, as `openai/gpt-5-mini`, or `offline/extractive`. Absent: the server's default model.";
export const BACKUP = "Asked instead where the model cannot be reached, refuses the key or has no room.";

/** For specs whose config has literal members `model` and `backup`. */
export function namedModels(config: JsonObject): readonly ConnectionUse[] {
  return ["model", "backup"].flatMap((member) => {
    const value = config[member];
    const name = typeof value === "string" ? connectionOf(value) : null;
    return name === null ? [] : [{ name, at: [member] }];
  });
}

function connectionOf(model: string): string | null {
  const slash = model.indexOf("/");
  const connection = model.slice(0, Math.max(slash, 0));
  return connection === "" || connection === BUILT_IN ? null : connection;
}
