import type { DatabaseSync } from "node:sqlite";
import { KeyNotRotatable, NotFound } from "#store/errors";
import {
  KEY_COLUMNS,
  type KeyReplacement,
  keyChecksum,
  rateColumns,
  readKey,
  type StoredKey,
  selectKeyWorkflows,
} from "#store/sqlite/key-row";
import { insertTenant } from "#store/sqlite/writer/tenant";

export function keyVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const tenant = insertTenant(database);
  const createKey = (key: StoredKey): void => {
    const { tenantId, id, hash, hint, name, scopes, workflowIds, createdAt, expiresAt, rateLimit, role } = key;
    for (const one of workflowIds ?? []) if (!sql.workflow.get(tenantId, one)) throw new NotFound(`the workflow ${one}`);
    tenant(tenantId, createdAt);
    const all = Number(workflowIds === null);
    const columns = [JSON.stringify(scopes), all, createdAt, expiresAt, ...rateColumns(rateLimit), role] as const;
    sql.insert.run(tenantId, id, hash, hint, name, ...columns, keyChecksum(key));
    for (const one of workflowIds ?? []) sql.insertWorkflow.run(tenantId, id, one);
  };
  return {
    createKey,

    revokeKey(tenantId: string, id: string, at: number): "unknown" | "revoked before" | "revoked" {
      const row = sql.byId.get(tenantId, id);
      if (!row) return "unknown";
      const stored = readKey(row, sql.workflows);
      if (stored.revokedAt !== null) return "revoked before";
      sql.revoke.run(at, keyChecksum({ ...stored, revokedAt: at }), tenantId, id);
      return "revoked";
    },

    rotateKey(tenantId: string, id: string, replacement: KeyReplacement, oldUntil: number): StoredKey {
      const row = sql.byId.get(tenantId, id);
      if (!row) throw new NotFound(`the key ${id}`);
      const old = readKey(row, sql.workflows);
      const isOver = old.revokedAt !== null || old.replacedBy !== null || (old.expiresAt ?? Infinity) <= replacement.createdAt;
      if (isOver) throw new KeyNotRotatable(id);
      const workflowIds = old.workflowIds?.filter((one) => sql.workflow.get(tenantId, one)) ?? null;
      const made: StoredKey = { ...old, ...replacement, workflowIds, lastUsedAt: null };
      createKey(made);
      const ending = { ...old, expiresAt: Math.min(old.expiresAt ?? oldUntil, oldUntil), replacedBy: made.id };
      sql.replace.run(ending.expiresAt, ending.replacedBy, keyChecksum(ending), tenantId, id);
      return made;
    },

    touchKeys(uses: readonly { readonly id: string; readonly at: number }[]): void {
      for (const { id, at } of uses) sql.touch.run(at, id, at);
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    workflow: database.prepare("SELECT 1 FROM workflows WHERE tenant_id = ? AND id = ? AND deleted_at IS NULL"),
    byId: database.prepare(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE tenant_id = ? AND id = ?`),
    workflows: selectKeyWorkflows(database),
    insert: database.prepare(`
      INSERT INTO api_keys (tenant_id, id, hash, hint, name, scopes, all_workflows, created_at, expires_at, rate_requests, rate_window_s, role, checksum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    replace: database.prepare("UPDATE api_keys SET expires_at = ?, replaced_by = ?, checksum = ? WHERE tenant_id = ? AND id = ?"),
    insertWorkflow: database.prepare("INSERT INTO key_workflows (tenant_id, key_id, workflow_id) VALUES (?, ?, ?)"),
    revoke: database.prepare("UPDATE api_keys SET revoked_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?"),
    touch: database.prepare("UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)"),
  };
}
