import type { StarterFilter } from "#store/schedule-store";
import { Conditions } from "#store/sql/conditions";
import type { Row } from "#store/sql/rows";
import { all, type Steps } from "#store/sql/steps";

/** One keyset page of what starts runs, newest first: an id begins with the second of its making. The index is named, because without statistics the planner takes the table. */
export function starters(
  table: "schedules" | "hooks",
  columns: string,
  tenantId: string,
  { workflowId, before, limit }: StarterFilter,
): Steps<readonly Row[]> {
  const where = new Conditions("tenant_id = ?", tenantId).and("workflow_id = ?", workflowId).and("id < ?", before);
  const index = workflowId === undefined ? "" : ` INDEXED BY ${table}_workflow`;
  return all(`SELECT ${columns} FROM ${table}${index} WHERE ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit);
}
