import type { NodeTrace, RunDetail } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { aligned, duration, tableText } from "#cli/table";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "GET", `/api/v1/runs/${segment(given.argument(0))}`);
  const detail = json as RunDetail;
  const rows = detail.nodes.map(nodeRow);
  await context.output.data(detail, { rows, names: [detail.id], table: `${aligned(factsOf(detail))}\n${tableText(rows)}` });
};

function factsOf({
  id,
  workflowName,
  version,
  status,
  trigger,
  userId,
  key,
  acceptedAt,
  executionMs,
  credits,
  tokens,
  error,
  input,
  output,
}: RunDetail): string[][] {
  return [
    ["run", id],
    ["workflow", `${workflowName}@${version}`],
    ["status", status],
    ["trigger", trigger],
    ...(userId === undefined ? [] : [["user", userId]]),
    ...(key === undefined ? [] : [["key", [key.name, key.hint ?? key.id].filter((part) => part !== undefined).join(" ")]]),
    ["accepted", new Date(acceptedAt).toISOString()],
    ...(executionMs === undefined ? [] : [["took", `${duration(executionMs)} · ${tokens ?? 0} tokens · ${credits ?? 0} credits`]]),
    ...(error ? [["error", `${error.type}: ${error.message}`]] : []),
    ["input", JSON.stringify(input)],
    ...(output === undefined ? [] : [["output", JSON.stringify(output)]]),
  ];
}

function nodeRow({ path, iteration, nodeType, status, attempts, startedAt, endedAt, port, error }: NodeTrace) {
  const took = startedAt === undefined || endedAt === undefined ? "" : duration(endedAt - startedAt);
  const place = iteration === undefined ? path : `${path} [${iteration.join(", ")}]`;
  return { node: place, type: nodeType, status, attempts, took, port, error: error?.type };
}
