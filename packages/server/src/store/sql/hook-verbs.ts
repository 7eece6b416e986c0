import { NotFound } from "#store/errors";
import { HOOK_COLUMNS, hookColumns, readHook, type StoredHook } from "#store/sql/hook-row";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import { requireWorkflow } from "#store/sql/workflow-exists";

export interface HookChange extends Pick<StoredHook, "definition" | "enabled" | "secret"> {
  readonly at: number;
}

const PUT = upsert("hooks", HOOK_COLUMNS, "tenant_id, id");

export const hookVerbs = {
  *createHook(row: StoredHook): Steps<void> {
    yield* requireWorkflow(row.tenantId, row.workflowId);
    yield* run(PUT, ...hookColumns(row));
  },

  *updateHook(tenantId: string, id: string, { at, ...settings }: HookChange): Steps<void> {
    yield* change(tenantId, id, (row) => ({ ...row, ...settings, updatedAt: at }));
  },

  *rotateHook(tenantId: string, id: string, token: { hash: string; hint: string }, previousUntil: number, at: number): Steps<void> {
    yield* change(tenantId, id, (row) => {
      const previous = { previousHash: row.tokenHash, previousUntil };
      return { ...row, ...previous, tokenHash: token.hash, tokenHint: token.hint, updatedAt: at };
    });
  },

  *deleteHook(tenantId: string, id: string): Steps<boolean> {
    return (yield* run("DELETE FROM hooks WHERE tenant_id = ? AND id = ?", tenantId, id)) === 1;
  },
};

function* change(tenantId: string, id: string, changed: (row: StoredHook) => StoredHook): Steps<void> {
  const row = yield* one(`SELECT ${HOOK_COLUMNS} FROM hooks WHERE tenant_id = ? AND id = ?`, tenantId, id);
  if (!row) throw new NotFound(`the hook ${id}`);
  yield* run(PUT, ...hookColumns(changed(readHook(row))));
}
