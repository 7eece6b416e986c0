import { KeyNotRotatable, NotFound } from "#store/errors";
import type { KeyUse } from "#store/key-store";
import { KEY_COLUMNS, type KeyReplacement, keyChecksum, rateColumns, readKey, type StoredKey } from "#store/sql/key-row";
import { insert, one, run, type Steps } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";
import { isWorkflow, requireWorkflow } from "#store/sql/workflow-exists";

const INSERT = insert(
  "api_keys",
  "tenant_id, id, hash, hint, name, scopes, all_workflows, created_at, expires_at, rate_requests, rate_window_s, role, checksum",
);
const REPLACE = "UPDATE api_keys SET expires_at = ?, replaced_by = ?, checksum = ? WHERE tenant_id = ? AND id = ?";
const REVOKE = "UPDATE api_keys SET revoked_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?";
const TOUCH = "UPDATE api_keys SET last_used_at = ?, last_used_from = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)";

export const keyVerbs = {
  createKey,

  *revokeKey(tenantId: string, id: string, at: number): Steps<"unknown" | "revoked before" | "revoked"> {
    const stored = yield* found(tenantId, id);
    if (!stored) return "unknown";
    if (stored.revokedAt !== null) return "revoked before";
    yield* run(REVOKE, at, keyChecksum({ ...stored, revokedAt: at }), tenantId, id);
    return "revoked";
  },

  *rotateKey(tenantId: string, id: string, replacement: KeyReplacement, oldUntil: number): Steps<StoredKey> {
    const old = yield* found(tenantId, id);
    if (!old) throw new NotFound(`the key ${id}`);
    const isOver = old.revokedAt !== null || old.replacedBy !== null || (old.expiresAt ?? Infinity) <= replacement.createdAt;
    if (isOver) throw new KeyNotRotatable(id);
    const made: StoredKey = {
      ...old,
      ...replacement,
      workflowIds: yield* living(tenantId, old.workflowIds),
      lastUsedAt: null,
      lastUsedFrom: null,
    };
    yield* createKey(made);
    const ending = { ...old, expiresAt: Math.min(old.expiresAt ?? oldUntil, oldUntil), replacedBy: made.id };
    yield* run(REPLACE, ending.expiresAt, ending.replacedBy, keyChecksum(ending), tenantId, id);
    return made;
  },

  *touchKeys(uses: readonly KeyUse[]): Steps<void> {
    for (const { id, at, from } of uses) yield* run(TOUCH, at, from, id, at);
  },
};

/** Throws NotFound where one of its workflows is not there. */
export function* createKey(key: StoredKey): Steps<void> {
  const { tenantId, id, hash, hint, name, scopes, workflowIds, createdAt, expiresAt, rateLimit, role } = key;
  for (const one of workflowIds ?? []) yield* requireWorkflow(tenantId, one);
  yield* insertTenant(tenantId, createdAt);
  const columns = [JSON.stringify(scopes), Number(workflowIds === null), createdAt, expiresAt, ...rateColumns(rateLimit), role] as const;
  yield* run(INSERT, tenantId, id, hash, hint, name, ...columns, keyChecksum(key));
  for (const one of workflowIds ?? [])
    yield* run("INSERT INTO key_workflows (tenant_id, key_id, workflow_id) VALUES (?, ?, ?)", tenantId, id, one);
}

function* found(tenantId: string, id: string): Steps<StoredKey | null> {
  const row = yield* one(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE tenant_id = ? AND id = ?`, tenantId, id);
  return row ? yield* readKey(row) : null;
}

/** Those workflows that are not deleted; null: all of the tenant. */
function* living(tenantId: string, workflowIds: readonly string[] | null): Steps<readonly string[] | null> {
  if (workflowIds === null) return null;
  const there: string[] = [];
  for (const one of workflowIds) if (yield* isWorkflow(tenantId, one)) there.push(one);
  return there;
}
