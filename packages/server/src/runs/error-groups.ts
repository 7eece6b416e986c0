import { setImmediate } from "node:timers/promises";
import type { RunError } from "@millrace/contract";
import type { RunFilter } from "#store/run-filter";
import type { RunRow, RunStore } from "#store/store";

/** Failed runs that are read for where they failed, the newest. */
const MAX_GROUPED = 1_000;

/** Groups that are told, those with most runs. */
const MAX_GROUPS = 50;

/** Runs read at once, between two turns of the event loop. */
const SLICE_ROWS = 50;

/** Runs of one workflow that failed at one node for the same reason. */
interface ErrorGroup {
  readonly last: RunRow;
  readonly error: RunError | null;
  count: number;
}

/** Failed runs by their cause and the node that it came up at, most first; of each the last run, and what it says. */
export async function groupErrors(runs: RunStore, tenantId: string, filter: Omit<RunFilter, "limit" | "status">) {
  const groups = new Map<string, ErrorGroup>();
  const failed = await runs.list(tenantId, { ...filter, status: "FAILED", limit: MAX_GROUPED });
  for (let at = 0; at < failed.length; at += SLICE_ROWS) {
    const slice = failed.slice(at, at + SLICE_ROWS);
    const errors = await Promise.all(slice.map((run) => errorOf(runs, tenantId, run)));
    slice.forEach((run, n) => {
      const error = errors[n] ?? null;
      const cause = JSON.stringify([run.workflowId, run.errorType, error?.nodeId]);
      const group = groups.get(cause);
      if (group) group.count += 1;
      else groups.set(cause, { last: run, error, count: 1 });
    });
    await setImmediate();
  }
  const most = [...groups.values()].sort((one, other) => other.count - one.count).slice(0, MAX_GROUPS);
  return { data: most.map(present), counted: failed.length };
}

/** null: the run cannot be read. */
async function errorOf(runs: RunStore, tenantId: string, { id }: RunRow): Promise<RunError | null> {
  return (await runs.view(tenantId, null, id).catch(() => null))?.error ?? null;
}

function present({ last, error, count }: ErrorGroup) {
  return {
    workflowId: last.workflowId,
    workflowName: last.workflowName,
    type: last.errorType ?? "internal",
    count,
    lastRunId: last.id,
    lastAt: last.endedAt ?? last.acceptedAt,
    ...(error?.nodeId !== undefined && { nodeId: error.nodeId }),
    ...(error && { error }),
  };
}
