import type { RunDetail, RunError } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call, type Reply, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { duration } from "#cli/table";

/** The body of a run that has ended. */
export interface EndedRun {
  readonly workflowRunId: string;
  readonly status: "SUCCEED" | "FAILED";
  readonly output?: object;
  readonly error?: RunError;
  readonly workflowExecutionTime: number;
  readonly totalTokens: number;
  readonly totalCost: number;
}

/** Prints the result: for programs the body as it was received, for people what the nodes did and the output. Throws where the run FAILED. */
export async function printRun(context: CliContext, reply: Reply): Promise<void> {
  const run = reply.json as EndedRun;
  const failed = run.status === "FAILED";
  if (context.output.form === "json") context.output.raw(`${reply.text}\n`);
  else await printForPeople(context, run, reply);
  if (failed) throw failureOf(run);
}

/** What the command ends with. */
export function failureOf({ workflowRunId, error }: Pick<EndedRun, "workflowRunId" | "error">): CliError {
  const { type = "internal", message = "the run failed", code = null, nodeName } = error ?? {};
  const place = nodeName === undefined || message.includes(nodeName) ? "" : ` at node ${nodeName}`;
  return new CliError(type, message + place, EXIT.no, { code, hint: hintFor(type, workflowRunId), indented: true });
}

/** Runs that lack a model can be had without one. */
const WITHOUT_MODEL: ReadonlySet<string> = new Set(["llm_auth", "llm_unavailable"]);

function hintFor(type: string, runId: string): string {
  return WITHOUT_MODEL.has(type) ? "millrace connections list   or   millrace invoke … --mock" : `millrace runs get ${runId}`;
}

async function printForPeople(context: CliContext, run: EndedRun, reply: Reply): Promise<void> {
  const { workflowRunId: id, status, output = {}, workflowExecutionTime: ms, totalTokens, totalCost } = run;
  const url = reply.headers.get("x-run-url") ?? id;
  const summary = `  ${status} in ${duration(ms)} · ${totalTokens} tokens · ${totalCost} credits · ${url}`;
  const nodes = context.output.form === "table" ? await nodesLine(context, id) : "";
  if (nodes !== "") context.output.note(nodes);
  if (status === "SUCCEED") context.output.note(summary);
  const text = status === "SUCCEED" ? `${outputText(output)}\n` : `${summary}\n`;
  const table = status === "SUCCEED" ? `${JSON.stringify(output, null, 2)}\n` : `${summary}\n`;
  await context.output.data(run, { rows: [], names: [id], table, text });
}

/** A single text is printed as it is. */
function outputText(output: object): string {
  const values: unknown[] = Object.values(output);
  return values.length === 1 && typeof values[0] === "string" ? values[0] : JSON.stringify(output);
}

/** Nodes that a line names; a loop has thousands. */
const NAMED_NODES = 20;

/** `✔ start 0 ms  ✖ fetch 212 ms  (attempt 3)`; empty where this key may not read traces. */
async function nodesLine(context: CliContext, runId: string): Promise<string> {
  try {
    const { nodes } = (await call(context, "GET", `/api/v1/runs/${segment(runId)}`)).json as RunDetail;
    const shown = nodes.filter(({ status }) => status !== "SKIPPED").slice(0, NAMED_NODES);
    return `  ${shown.map((node) => nodeText(context, node)).join("  ")}${nodes.length > NAMED_NODES ? "  …" : ""}`;
  } catch (error) {
    if (error instanceof CliError) return "";
    throw error;
  }
}

function nodeText(
  { output }: CliContext,
  { path, status, startedAt = 0, endedAt = startedAt, attempts }: RunDetail["nodes"][number],
): string {
  const mark = status === "FAILED" ? output.paint("✖", "red") : output.paint("✔", "green");
  return `${mark} ${path} ${duration(endedAt - startedAt)}${attempts > 1 ? ` (attempt ${attempts})` : ""}`;
}
