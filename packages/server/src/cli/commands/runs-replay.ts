import type { Acknowledgement, JsonObject, ReplayBody, ReplayPreview } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { wholeInput } from "#cli/invoke-input";
import { runJob } from "#cli/run-job";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const [source] = given.arguments;
  const from = given.text("from") ?? "failed";
  const version = given.text("version") ?? "same";
  if (source === undefined) return runJob(context, given, { action: "replay", from: wholeFrom(from), version });
  const input = await wholeInput(context, given);
  const body = { ...placeOf(from), version, ...(input && { input }) };
  if (given.on("preview")) return preview(context, source, body);
  const { json } = await replay(context, source, body);
  const { workflowRunId: id, workflowName, workflowVersion } = json as Acknowledgement;
  context.output.note(`  millrace runs wait ${id}`);
  await context.output.data(json, {
    rows: [{ id, workflow: workflowName, version: workflowVersion, replayOf: source }],
    names: [id],
  });
};

/** What a key of the workflow may ask for is asked of the run API; everything else needs an admin key. */
async function replay(context: CliContext, source: string, body: ReplayBody) {
  const { from, version } = body;
  const isRetry = body.input === undefined && (version === "same" || (version === "live" && from === "start"));
  if (from === undefined || !isRetry) return call(context, "POST", `/api/v1/runs/${segment(source)}/replay`, { body });
  const headers = await workflowHeader(context, source);
  return call(context, "POST", "/v1/workflow/run/retry", { body: { workflowRunId: source, from, version }, headers });
}

async function preview(context: CliContext, source: string, body: ReplayBody): Promise<void> {
  const { json } = await call(context, "POST", `/api/v1/runs/${segment(source)}/replay-preview`, { body });
  const { reused, again } = json as ReplayPreview;
  const rows = [
    ...reused.map(({ nodeId, nodeType, results }) => ({ node: nodeId, type: nodeType, replay: "reused", results })),
    ...again.map(({ nodeId, nodeType, effect }) => ({
      node: nodeId,
      type: nodeType,
      replay: effect ? "runs again, with effects" : "runs again",
    })),
  ];
  await context.output.data(json as JsonObject, { rows, names: again.map(({ nodeId }) => nodeId) });
}

/** Of many runs: they need not have the same nodes. */
function wholeFrom(from: string): "failed" | "start" {
  if (from === "failed" || from === "start") return from;
  throw usageError(`--from: "${from}" is neither failed nor start`, "from a node on, runs are replayed one by one");
}

function placeOf(from: string): Pick<ReplayBody, "from" | "node"> {
  return from === "failed" || from === "start" ? { from } : { node: from };
}
