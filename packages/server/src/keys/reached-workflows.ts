import { compareCodePoints } from "@millrace/contract";
import type { Caller } from "#keys/authenticate";
import type { TagCount, WorkflowPage, WorkflowRow, WorkflowStore } from "#store/store";

/** The workflows that the key is for, newest first, of those after `cursor` at most `limit`. */
export async function reachedWorkflows(
  workflows: WorkflowStore,
  { tenantId, workflowIds }: Caller,
  page: WorkflowPage,
): Promise<readonly WorkflowRow[]> {
  if (workflowIds === null) return workflows.list(tenantId, page);
  const { limit, cursor, tag } = page;
  const reached = (await named(workflows, tenantId, workflowIds)).sort(newestFirst);
  const from = reached.findIndex(({ id }) => id === cursor) + 1;
  const rest = reached.slice(from);
  return (tag === undefined ? rest : rest.filter((row) => tagsOf(row).includes(tag))).slice(0, limit);
}

/** The `limit` most used tags of the workflows that the key is for, in the order of their texts. */
export async function reachedTags(
  workflows: WorkflowStore,
  { tenantId, workflowIds }: Caller,
  limit: number,
): Promise<readonly TagCount[]> {
  if (workflowIds === null) return workflows.tags(tenantId, limit);
  const counts = new Map<string, number>();
  for (const row of await named(workflows, tenantId, workflowIds))
    for (const tag of new Set(tagsOf(row))) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, limit);
  return most.map(([tag, count]) => ({ tag, count })).sort((a, b) => compareCodePoints(a.tag, b.tag));
}

async function named(workflows: WorkflowStore, tenantId: string, ids: readonly string[]): Promise<WorkflowRow[]> {
  const rows = await Promise.all(ids.map((id) => workflows.get(tenantId, id)));
  return rows.filter((row) => row !== null);
}

/** Tags of the draft, which may have faults. */
export function tagsOf({ document: { tags } }: WorkflowRow): readonly string[] {
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
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
