import type { NodeTrace, RunDetail, RunError } from "@millrace/contract";
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
  const nodes = context.output.form === "table" ? await nodesOf(context, run.workflowRunId) : [];
  if (context.output.form === "json") context.output.raw(`${reply.text}\n`);
  else await printForPeople(context, run, reply, nodes);
  if (failed) throw failureOf(run, nodes);
}

/** What the command ends with. `nodes`: what they did, where that is known. */
export function failureOf({ workflowRunId, error }: Pick<EndedRun, "workflowRunId" | "error">, nodes: readonly NodeTrace[] = []): CliError {
  const { type = "internal", message = "the run failed", code = null, nodeName, nodeId } = error ?? {};
  const place = nodeName === undefined || message.includes(nodeName) ? "" : ` at node ${nodeName}`;
  const asked = nodes.findLast((node) => node.nodeId === nodeId && node.status === "FAILED")?.model;
  const [connection, model] = asked === undefined ? [] : splitModel(asked);
  const told = message + place + (model === undefined ? "" : ` (model ${model})`);
  return new CliError(type, told, EXIT.no, { code, hint: hintFor(type, workflowRunId, connection), indented: true });
}

/** `openai/gpt-4o-mini` is a model of the connection `openai`. */
function splitModel(asked: string): readonly [connection: string, model: string] {
  const at = asked.indexOf("/");
  return [asked.slice(0, at), asked.slice(at + 1)];
}

/** Runs that lack a model can be had without one. */
const WITHOUT_MODEL: ReadonlySet<string> = new Set(["llm_auth", "llm_unavailable"]);

function hintFor(type: string, runId: string, connection: string | undefined): string {
  if (!WITHOUT_MODEL.has(type)) return `millrace runs get ${runId}`;
  return `millrace connections ${connection === undefined ? "list" : `set ${connection}`}   or   millrace invoke … --mock`;
}

async function printForPeople(context: CliContext, run: EndedRun, reply: Reply, nodes: readonly NodeTrace[]): Promise<void> {
  const { workflowRunId: id, status, output = {}, workflowExecutionTime: ms, totalTokens, totalCost } = run;
  const url = reply.headers.get("x-run-url") ?? id;
  const summary = `  ${status} in ${duration(ms)} · ${totalTokens} tokens · ${totalCost} credits · ${url}`;
  if (nodes.length > 0) context.output.note(nodesLine(context, nodes));
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

/** Empty where this key may not read traces. */
async function nodesOf(context: CliContext, runId: string): Promise<readonly NodeTrace[]> {
  try {
    return ((await call(context, "GET", `/api/v1/runs/${segment(runId)}`)).json as RunDetail).nodes;
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}

/** `✔ start 0 ms  ✖ fetch 212 ms  (attempt 3/3)` */
function nodesLine(context: CliContext, nodes: readonly NodeTrace[]): string {
  const shown = nodes.filter(({ status }) => status !== "SKIPPED").slice(0, NAMED_NODES);
  return `  ${shown.map((node) => nodeText(context, node)).join("  ")}${nodes.length > NAMED_NODES ? "  …" : ""}`;
}

function nodeText({ output }: CliContext, { path, status, startedAt = 0, endedAt = startedAt, attempts, maxAttempts }: NodeTrace): string {
  const mark = status === "FAILED" ? output.paint("✖", "red") : output.paint("✔", "green");
  const attempt = maxAttempts === undefined ? `attempt ${attempts}` : `attempt ${attempts}/${maxAttempts}`;
  return `${mark} ${path} ${duration(endedAt - startedAt)}${attempts > 1 ? `  (${attempt})` : ""}`;
}
