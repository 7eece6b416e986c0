import type { JsonObject } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, type Reply, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { readInput } from "#cli/invoke-input";
import { type EndedRun, failureOf, printRun } from "#cli/print-run";
import { repeat } from "#cli/repeat-invoke";
import { eventLine, runEvents } from "#cli/run-events";
import { waitForRun } from "#cli/wait-for-run";
import { namingWorkflow } from "#cli/workflow";

/** A synchronous call is held for up to 85 s by default, and operators may hold it longer. */
const HELD_MS = 600_000;

/** Runs of one command at most. */
const MAX_REPEAT = 1_000_000;

/** A run of the draft calls nobody, and each is one of its own. */
const MOCK_EXCLUDES = ["version", "webhook", "start-at", "idempotency-key"].map((flag) => ["mock", flag] as const);

export const run: Action = async (context, given) => {
  refuseBoth(
    given,
    ["async", "wait"],
    ["async", "stream"],
    ["async", "cancel-on-interrupt"],
    ["repeat", "stream"],
    ["draft", "version"],
    ...MOCK_EXCLUDES,
  );
  const times = given.integer("repeat", 1, MAX_REPEAT) ?? 1;
  const input = await readInput(context, given);
  const once = () => namingWorkflow(context, given.argument(0), () => invoke(context, given, input));
  if (times > 1) {
    await repeat(context, times, once);
    return;
  }
  const reply = await once();
  if (given.on("stream")) printStreamed(context, reply);
  else if (given.on("async")) await printAccepted(context, reply);
  else await printRun(context, reply);
};

function refuseBoth(given: Given, ...pairs: readonly (readonly [string, string])[]): void {
  const both = pairs.find((pair) => pair.every((flag) => given.has(flag)));
  if (both) throw usageError(`--${both[0]} and --${both[1]} exclude each other`);
}

/** Starts a run and waits for it, unless it was told not to. A synchronous call is one request; the rest needs the run's id first. */
async function invoke(context: CliContext, given: Given, input: JsonObject): Promise<Reply> {
  context.ifInterrupted("a run that was accepted goes on: millrace runs list");
  const waitMs = given.durationMs("wait") ?? null;
  const followed = given.on("stream") || given.on("cancel-on-interrupt");
  const isAsync = given.on("async") || followed || waitMs !== null || given.list("webhook").length > 0;
  const started = await (given.on("mock") ? startMocked(context, given, input) : start(context, given, input, isAsync));
  const { workflowRunId, status } = started.json as { workflowRunId: string; status: string };
  if (given.on("async") || status === "SUCCEED" || status === "FAILED") return started;
  if (given.on("cancel-on-interrupt"))
    context.ifInterrupted(`run ${workflowRunId} was cancelled`, () => cancel(context, given, workflowRunId));
  else context.ifInterrupted(`run ${workflowRunId} goes on: millrace runs wait ${workflowRunId}`);
  if (given.on("stream")) await stream(context, given, workflowRunId);
  return waitForRun(context, workflowRunId, headersOf(given), waitMs);
}

function start(context: CliContext, given: Given, input: JsonObject, isAsync: boolean): Promise<Reply> {
  const userId = given.text("user");
  const webhook = given.list("webhook").map((url) => ({ method: "POST", url }));
  const body = { ...(userId !== undefined && { userId }), input, ...(isAsync && { isAsync }), ...(webhook.length > 0 && { webhook }) };
  const key = given.text("idempotency-key");
  const version = given.on("draft") ? "draft" : given.text("version");
  const startAt = given.text("start-at");
  const headers = {
    ...headersOf(given),
    ...(version !== undefined && { "Millrace-Version": version }),
    ...(startAt !== undefined && { "Millrace-Start-At": startAt }),
    ...(key !== undefined && { "Idempotency-Key": key }),
  };
  return call(context, "POST", "/v1/workflow/invoke", { body, headers, timeoutMs: HELD_MS });
}

/** Of the draft, with the built-in model; acknowledged at once, whether it is waited for or not. */
function startMocked(context: CliContext, given: Given, input: JsonObject): Promise<Reply> {
  return call(context, "POST", `/api/v1/workflows/${segment(given.argument(0))}/draft/runs`, {
    body: { input, userId: given.text("user"), mock: true },
  });
}

async function cancel(context: CliContext, given: Given, workflowRunId: string): Promise<void> {
  await call(context, "POST", "/v1/workflow/run/cancel", { body: { workflowRunId }, headers: headersOf(given) });
}

/** One line an event, up to the last, which the result follows. */
async function stream(context: CliContext, given: Given, workflowRunId: string): Promise<void> {
  for await (const event of runEvents(context, workflowRunId, given.argument(0)))
    if (event.event !== "run.finished") context.output.raw(eventLine(context, event));
}

/** The result as one line, behind those of the events. */
function printStreamed(context: CliContext, { text, json }: Reply): void {
  const ended = json as EndedRun;
  const { form } = context.output;
  const isFailed = ended.status === "FAILED";
  if (form === "json" || form === "yaml") context.output.raw(`${text}\n`);
  else context.output.raw(`${form === "name" ? ended.workflowRunId : isFailed ? ended.status : JSON.stringify(ended.output)}\n`);
  if (isFailed) throw failureOf(ended);
}

function headersOf(given: Given): { readonly [name: string]: string } {
  return { "Millrace-Workflow": given.argument(0) };
}

async function printAccepted(context: CliContext, reply: Reply): Promise<void> {
  const { workflowRunId: run, status } = reply.json as { workflowRunId: string; status: string };
  if (context.output.form === "json") context.output.raw(`${reply.text}\n`);
  else await context.output.data(reply.json, { rows: [{ run, status }], names: [run] });
}
