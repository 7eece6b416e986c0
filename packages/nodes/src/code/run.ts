import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import { spec } from "#code/spec";
import { defineEffect } from "#kit/executor";
import { kindOf } from "#kit/kind-of";

/** For a node without `timeoutMs` of its own: user code that takes longer is more likely to loop than to work. */
const DEFAULT_TIMEOUT_MS = 10_000;

interface Config {
  /** Python is refused when the workflow is planned. */
  readonly language?: "javascript" | "typescript";
  readonly code: string;
  readonly wrap?: string;
}

export const executor = defineEffect<Config>(spec, async ({ language = "javascript", code, wrap }, context) => {
  const { inputs, timeoutMs, signal, capabilities } = context;
  const { value } = await capabilities.sandbox.run({ language, code, inputs, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, signal });
  return { verb: "continue", output: outputOf(value, wrap) };
});

function outputOf(value: Json, wrap: string | undefined): JsonObject {
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  if (wrap !== undefined) return { [wrap]: value };
  throw new TerminalError(
    "code_error",
    `The code returned ${kindOf(value)}, not an object: return { name: value, … }, or name the field that takes it in \`wrap\`.`,
  );
}
