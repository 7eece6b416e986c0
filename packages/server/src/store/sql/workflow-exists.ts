import { NotFound } from "#store/errors";
import { one, type Steps } from "#store/sql/steps";

const FIND = "SELECT id FROM workflows WHERE tenant_id = ? AND id = ? AND deleted_at IS NULL";

/** False where there is no such workflow, or it is deleted. */
export function* isWorkflow(tenantId: string, id: string): Steps<boolean> {
  return (yield* one(FIND, tenantId, id)) !== undefined;
}

/** Throws NotFound likewise. */
export function* requireWorkflow(tenantId: string, id: string): Steps<void> {
  if (!(yield* isWorkflow(tenantId, id))) throw new NotFound(`the workflow ${id}`);
}
