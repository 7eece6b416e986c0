import type { Caller } from "#keys/authenticate";
import type { WorkflowRow, WorkflowStore } from "#store/store";

/** The workflows that the key is for, newest first, of those after `cursor` at most `limit`. */
export async function reachedWorkflows(
  workflows: WorkflowStore,
  { tenantId, workflowIds }: Caller,
  page: { readonly limit: number; readonly cursor?: string },
): Promise<readonly WorkflowRow[]> {
  if (workflowIds === null) return workflows.list(tenantId, page);
  const rows = await Promise.all(workflowIds.map((id) => workflows.get(tenantId, id)));
  const reached = rows.filter((row) => row !== null).sort(newestFirst);
  const from = reached.findIndex(({ id }) => id === page.cursor) + 1;
  return reached.slice(from, from + page.limit);
}

/** By id or by name; null: there is none, or the key is not for it. */
export async function reachedWorkflow(
  workflows: WorkflowStore,
  { tenantId, workflowIds }: Caller,
  idOrName: string,
): Promise<WorkflowRow | null> {
  const row = await workflows.get(tenantId, idOrName);
  return row !== null && (workflowIds === null || workflowIds.includes(row.id)) ? row : null;
}

function newestFirst(a: WorkflowRow, b: WorkflowRow): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
