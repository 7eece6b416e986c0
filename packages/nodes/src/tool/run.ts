import { isJsonObject, type Json } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";
import { defineEffect } from "#kit/executor";
import { spec } from "#tool/spec";

interface Config {
  readonly tool: string;
  readonly input?: Json;
}

export const executor = defineEffect<Config>(spec, async ({ tool, input = {} }, { capabilities, signal, timeoutMs, idempotencyKey }) => {
  if (!isJsonObject(input)) throw new TerminalError("type_error", `input must be an object, and it is ${describe(input)}.`);
  const { result, text } = await capabilities.tools.call({ tool, input, idempotencyKey, signal, timeoutMs });
  return { verb: "continue", output: { result, text } };
});
