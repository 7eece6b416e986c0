import type { HistoryFilter } from "#store/run-history";
import { ID_CLOCK_SLACK_MS, type ListQuery } from "#store/sql/list-query";
import type { SqlValue } from "#store/sql/rows";
import { firstIdAt } from "#store/sql/run-words";

const DAY_MS = 86_400_000;

/** Runs by the time within their ids, the last first. Those of `late` began a day or more after that time: few, and all of them older. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
  readonly late: boolean;
}

/** The ids of the tenant's first and last run. */
export interface IdSpan {
  readonly first: string;
  readonly last: string;
}

/**
 * Where the runs are that the filter means, in the order of the pages. Each range is of a day at most, so that reading it is no long turn of
 * the event loop.
 */
export function idRanges({ from, to }: HistoryFilter, { first, last }: IdSpan): readonly IdRange[] {
  const newest = Math.min(timeOf(last) + 1, to + 1 + ID_CLOCK_SLACK_MS);
  const oldest = Math.min(newest, Math.max(timeOf(first), from - DAY_MS - ID_CLOCK_SLACK_MS));
  const ranges: IdRange[] = [];
  for (let end = newest; end > oldest; end -= DAY_MS) ranges.push({ from: Math.max(oldest, end - DAY_MS), to: end, late: false });
  return [...ranges, { from: 0, to: oldest, late: true }];
}

/** The time within a UUIDv7. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** What comes behind `SELECT … FROM runs`, for one range. */
export function historyQuery(tenantId: string, filter: HistoryFilter, ids: IdRange): ListQuery {
  const { workflowIds, from, to, triggers, drafts, userId, runId } = filter;
  const conditions = ["tenant_id = ?", "id >= ?", "id < ?", "ended_at IS NOT NULL", "started_at BETWEEN ? AND ?"];
  const values: SqlValue[] = [tenantId, firstIdAt(ids.from), firstIdAt(ids.to), from, to];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  // In the words of the index.
  if (ids.late) add("started_at - accepted_at >= 86400000");
  const [only] = workflowIds ?? [];
  if (workflowIds?.length === 1 && only !== undefined) add("workflow_id = ?", only);
  else if (workflowIds !== null) add(`workflow_id IN (${marks(workflowIds)})`, ...workflowIds);
  add(`coalesce(started_by, 'api') IN (${marks(triggers)})`, ...triggers);
  if (!drafts) add("NOT (version >= 'draft-' AND version < 'draft.')");
  if (userId !== undefined) add("user_id = ?", userId);
  if (runId !== undefined) add("id = ?", runId);
  return { sql: `${indexFor(filter, ids)} WHERE ${conditions.join(" AND ")}`, values };
}

/** The planner knows no statistics; the table itself is in the order of ids. */
function indexFor({ runId, userId, workflowIds }: HistoryFilter, { late }: IdRange): string {
  if (runId !== undefined) return "";
  if (late) return "INDEXED BY runs_late";
  if (userId !== undefined) return "INDEXED BY runs_user";
  return workflowIds?.length === 1 ? "INDEXED BY runs_workflow" : "";
}

/** A `?` for each; none of them is in an empty list. */
function marks(values: readonly string[]): string {
  return values.length === 0 ? "NULL" : values.map(() => "?").join(", ");
}
