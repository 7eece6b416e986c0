import type { TestModelAnswer, TestModelBody } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";

/** Longer than the server waits for the model. */
const TIMEOUT_MS = 70_000;

export const run: Action = async (context, given) => {
  const [model] = given.arguments;
  const prompt = given.text("prompt");
  const body: TestModelBody = { ...(model !== undefined && { model }), ...(prompt !== undefined && { prompt }) };
  const { json } = await call(context, "POST", "/api/v1/models/test", { body, timeoutMs: TIMEOUT_MS });
  const tested = json as TestModelAnswer;
  if (!tested.ok) throw new CliError(tested.error?.type ?? "llm_error", `${tested.model} does not work: ${tested.error?.message}`, EXIT.no);
  const { text, inputTokens, outputTokens, credits, isPriced, durationMs } = tested;
  const row = { model: tested.model, answer: text, inputTokens, outputTokens, credits: isPriced ? credits : "no price", ms: durationMs };
  await context.output.data(tested, { rows: [row], names: [tested.model] });
};
