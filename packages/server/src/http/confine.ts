import type { FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import type { WorkflowRow, WorkflowStore } from "#store/store";

/** A workflow in the path that the key is not for is answered like one that does not exist, whatever the route would do with it. */
export async function confine({ workflows }: Pick<HttpPorts, "workflows">, request: FastifyRequest): Promise<void> {
  const { tenantId, workflowIds } = callerOf(request);
  const { workflow: named } = request.params as { readonly workflow?: string };
  if (workflowIds === null || named === undefined) return;
  const row = await workflows.get(tenantId, named);
  if (!row || !workflowIds.includes(row.id)) throw new RequestError("not_found", { key: "not_found.workflow" });
}

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

function newestFirst(a: WorkflowRow, b: WorkflowRow): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
