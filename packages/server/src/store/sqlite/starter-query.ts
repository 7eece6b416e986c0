import type { SQLInputValue } from "node:sqlite";
import type { StarterFilter } from "#store/schedule-store";

/** One keyset page of what starts runs, newest first: an id begins with the second of its making. The index is named, because without statistics the planner takes the table. */
export function starterQuery(
  table: "schedules" | "hooks",
  columns: string,
  tenantId: string,
  { workflowId, before, limit }: StarterFilter,
): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const values: SQLInputValue[] = [tenantId];
  const conditions = ["tenant_id = ?"];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add("workflow_id = ?", workflowId);
  add("id < ?", before);
  const index = workflowId === undefined ? "" : `INDEXED BY ${table}_workflow`;
  const sql = `SELECT ${columns} FROM ${table} ${index} WHERE ${conditions.join(" AND ")} ORDER BY id DESC LIMIT ?`;
  return { sql, values: [...values, limit] };
}
