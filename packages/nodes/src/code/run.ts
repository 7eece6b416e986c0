import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";
import { spec } from "#code/spec";
import { defineEffect } from "#kit/executor";

interface Config {
  /** Python is refused when the workflow is planned. */
  readonly language?: "javascript" | "typescript";
  readonly code: string;
  readonly wrap?: string;
}

export const executor = defineEffect<Config>(spec, async ({ language = "javascript", code, wrap }, context) => {
  const { inputs, timeoutMs, signal, capabilities } = context;
  const { value, logs } = await capabilities.sandbox.run({ language, code, inputs, ...(timeoutMs !== null && { timeoutMs }), signal });
  return { verb: "continue", output: outputOf(value, wrap), ...(logs.length > 0 && { logs }) };
});

function outputOf(value: Json, wrap: string | undefined): JsonObject {
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  if (wrap !== undefined) return { [wrap]: value };
  throw new TerminalError(
    "code_error",
    `The code returned ${describe(value)}, not an object: return { name: value, … }, or name the field that takes it in \`wrap\`.`,
  );
}
