import type { RunFilter } from "#store/run-filter";
import type { RunRow, RunStore } from "#store/store";

/** Failed runs that are looked at, the newest. */
const MAX_GROUPED = 5_000;

/** Groups that are told, those with most runs. */
const MAX_GROUPS = 50;

/** Runs of one workflow that failed for the same reason. */
interface ErrorGroup {
  readonly last: RunRow;
  count: number;
}

/** Failed runs by their cause, most first; of each cause the last run, and what it says. */
export async function groupErrors(runs: RunStore, tenantId: string, filter: Omit<RunFilter, "limit" | "status">) {
  const groups = new Map<string, ErrorGroup>();
  const failed = await runs.list(tenantId, { ...filter, status: "FAILED", limit: MAX_GROUPED });
  for (const run of failed) {
    const cause = `${run.workflowId} ${run.errorType}`;
    const group = groups.get(cause);
    if (group) group.count += 1;
    else groups.set(cause, { last: run, count: 1 });
  }
  const most = [...groups.values()].sort((one, other) => other.count - one.count).slice(0, MAX_GROUPS);
  return { data: await Promise.all(most.map((group) => present(runs, tenantId, group))), counted: failed.length };
}

async function present(runs: RunStore, tenantId: string, { last, count }: ErrorGroup) {
  const view = await runs.view(tenantId, null, last.id).catch(() => null);
  return {
    workflowId: last.workflowId,
    workflowName: last.workflowName,
    type: last.errorType ?? "internal",
    count,
    lastRunId: last.id,
    lastAt: last.endedAt ?? last.acceptedAt,
    ...(view?.error && { error: view.error }),
  };
}
