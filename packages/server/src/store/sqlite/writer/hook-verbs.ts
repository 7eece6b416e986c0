import type { DatabaseSync } from "node:sqlite";
import { NotFound } from "#store/errors";
import { HOOK_COLUMNS, hookColumns, readHook, type StoredHook } from "#store/sqlite/hook-row";

export interface HookChange extends Pick<StoredHook, "definition" | "enabled" | "secret"> {
  readonly at: number;
}

export function hookVerbs(database: DatabaseSync) {
  const find = database.prepare(`SELECT ${HOOK_COLUMNS} FROM hooks WHERE tenant_id = ? AND id = ?`);
  const workflow = database.prepare("SELECT 1 FROM workflows WHERE tenant_id = ? AND id = ? AND deleted_at IS NULL");
  const put = database.prepare(`INSERT OR REPLACE INTO hooks (${HOOK_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const remove = database.prepare("DELETE FROM hooks WHERE tenant_id = ? AND id = ?");
  const change = (tenantId: string, id: string, changed: (row: StoredHook) => StoredHook): void => {
    const row = find.get(tenantId, id);
    if (!row) throw new NotFound(`the hook ${id}`);
    put.run(...hookColumns(changed(readHook(row))));
  };
  return {
    createHook(row: StoredHook): void {
      if (!workflow.get(row.tenantId, row.workflowId)) throw new NotFound(`the workflow ${row.workflowId}`);
      put.run(...hookColumns(row));
    },

    updateHook(tenantId: string, id: string, { at, ...settings }: HookChange): void {
      change(tenantId, id, (row) => ({ ...row, ...settings, updatedAt: at }));
    },

    rotateHook(tenantId: string, id: string, token: { hash: string; hint: string }, previousUntil: number, at: number): void {
      change(tenantId, id, (row) => {
        const previous = { previousHash: row.tokenHash, previousUntil };
        return { ...row, ...previous, tokenHash: token.hash, tokenHint: token.hint, updatedAt: at };
      });
    },

    deleteHook(tenantId: string, id: string): boolean {
      return remove.run(tenantId, id).changes === 1;
    },
  };
}
