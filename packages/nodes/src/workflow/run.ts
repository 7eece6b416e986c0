import { isJsonObject, type Json } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";
import { defineEffect } from "#kit/executor";
import { spec } from "#workflow/spec";

interface Config {
  readonly workflow: string;
  readonly version?: string;
  readonly input?: Json;
}

export const executor = defineEffect<Config>(spec, async ({ workflow, version = "live", input = {} }, context) => {
  if (!isJsonObject(input)) throw new TerminalError("type_error", `input must be an object, and it is ${describe(input)}.`);
  const { timeoutMs, signal, capabilities } = context;
  const called = await capabilities.workflows.call({ workflow, version: version === "live" ? null : version, input, timeoutMs, signal });
  const { runId, workflowName, output, error, usage } = called;
  if (error) throw new TerminalError(failureType(error.type), `${workflowName}: ${error.message}`, { usage });
  return { verb: "continue", output: { ...output, workflowRunId: runId }, ...(usage.length > 0 && { usage }) };
});

/** A run is `cancelled` where it was cancelled itself; here another one was, and this run may handle that. */
function failureType(type: string): string {
  return type === "cancelled" ? "workflow_cancelled" : type;
}
