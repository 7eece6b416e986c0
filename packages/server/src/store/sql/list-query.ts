import type { RunFilter } from "#store/run-filter";
import type { SqlValue } from "#store/sql/rows";
import { RUN_COLUMNS, storedTrigger } from "#store/sql/run-row";
import { firstIdAt, IS_DRAFT } from "#store/sql/run-words";

/**
 * How far the time within a run's id may lie before its acceptance: both come from one clock, so this only has to outlast a jump of it.
 * It ends the scan of a list for a short period, which would otherwise go back to the first run.
 */
export const ID_CLOCK_SLACK_MS = 24 * 60 * 60 * 1_000;

export interface ListQuery {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * One keyset page, newest first. Each filter that is selective by itself has an index that ends in the id; which one is used is said
 * here, because without statistics the planner takes the table, whose scan for a rare workflow would be as long as the history.
 */
export function listQuery(tenantId: string, filter: RunFilter): ListQuery {
  return pageQuery(RUN_COLUMNS, tenantId, filter);
}

/** How many rows such a page has, without any of them. */
export function countQuery(tenantId: string, filter: RunFilter): ListQuery {
  const { sql, values } = pageQuery("1", tenantId, filter);
  return { sql: `SELECT count(*) AS count FROM (${sql}) AS page`, values };
}

function pageQuery(columns: string, tenantId: string, filter: RunFilter): ListQuery {
  const conditions = ["tenant_id = ?"];
  const values: SqlValue[] = [tenantId];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (filter.workflowId !== undefined) add("workflow_id = ?", filter.workflowId);
  if (filter.userId !== undefined) add("user_id = ?", filter.userId);
  if (filter.status !== undefined) add("status = ?", filter.status);
  // The index leaves out the runs that succeeded, which a query has to say in the same words.
  if (filter.status !== undefined && filter.status !== "SUCCEED") add("status <> 'SUCCEED'");
  if (filter.trigger === "api") add("started_by IS NULL");
  else if (filter.trigger !== undefined) add("started_by = ?", storedTrigger(filter.trigger));
  if (filter.trigger === "draft") add(IS_DRAFT);
  if (filter.trigger === "manual") add(`NOT (${IS_DRAFT})`);
  if (filter.starterId !== undefined) add("starter_id = ?", filter.starterId);
  if (filter.before !== undefined) add("id < ?", filter.before);
  if (filter.since !== undefined) add("id >= ? AND accepted_at >= ?", firstIdAt(filter.since - ID_CLOCK_SLACK_MS), filter.since);
  if (filter.until !== undefined) add("id < ? AND accepted_at < ?", firstIdAt(filter.until + ID_CLOCK_SLACK_MS), filter.until);
  return {
    sql: `SELECT ${columns} FROM runs ${indexFor(filter)} WHERE ${conditions.join(" AND ")} ORDER BY id DESC LIMIT ?`,
    values: [...values, filter.limit],
  };
}

/** The most selective one first. */
function indexFor({ starterId, userId, status, trigger, workflowId }: RunFilter): string {
  if (starterId !== undefined) return "INDEXED BY runs_starter";
  if (userId !== undefined) return "INDEXED BY runs_user";
  if (status !== undefined && status !== "SUCCEED") return "INDEXED BY runs_status";
  if (trigger !== undefined && trigger !== "api" && workflowId === undefined) return "INDEXED BY runs_started_by";
  return workflowId === undefined ? "" : "INDEXED BY runs_workflow";
}
