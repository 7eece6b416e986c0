import type { RateLimit } from "@millrace/contract";
import { StoreCorrupt } from "#store/errors";
import type { KeyRow, NewKey } from "#store/key-store";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import { all, type Steps } from "#store/sql/steps";

export interface StoredKey extends KeyRow {
  readonly hash: string;
}

/** A new key as it is stored: each of its workflows once. */
export function storedKey(tenantId: string, key: NewKey): StoredKey {
  const workflowIds = key.workflowIds && [...new Set(key.workflowIds)].sort();
  return { ...key, workflowIds, tenantId, revokedAt: null, lastUsedAt: null, lastUsedFrom: null, replacedBy: null };
}

/** What a rotation gives; the rest is the old key's. */
export type KeyReplacement = Pick<NewKey, "id" | "hash" | "hint" | "createdAt">;

export const KEY_COLUMNS =
  "tenant_id, id, hash, hint, name, scopes, all_workflows, created_at, expires_at, revoked_at, rate_requests, rate_window_s, role, replaced_by, last_used_at, last_used_from, checksum";

const WORKFLOWS = "SELECT workflow_id FROM key_workflows WHERE tenant_id = ? AND key_id = ? ORDER BY workflow_id";

/**
 * The key of a row, with the workflows that it reaches. Throws StoreCorrupt where the rows are not what was written: a flipped bit must not
 * widen what a key may do.
 */
export function* readKey(row: Row): Steps<StoredKey> {
  const tenantId = text(row, "tenant_id");
  const id = text(row, "id");
  const isOfAll = number(row, "all_workflows") === 1;
  const stored: StoredKey = {
    tenantId,
    id,
    hash: text(row, "hash"),
    hint: text(row, "hint"),
    name: text(row, "name"),
    scopes: scopesOf(id, text(row, "scopes")),
    workflowIds: isOfAll ? null : (yield* all(WORKFLOWS, tenantId, id)).map((one) => text(one, "workflow_id")),
    createdAt: number(row, "created_at"),
    expiresAt: numberOrNull(row, "expires_at"),
    revokedAt: numberOrNull(row, "revoked_at"),
    rateLimit: rateLimitOf(numberOrNull(row, "rate_requests"), numberOrNull(row, "rate_window_s")),
    lastUsedAt: numberOrNull(row, "last_used_at"),
    lastUsedFrom: textOrNull(row, "last_used_from"),
    role: textOrNull(row, "role") as StoredKey["role"],
    replacedBy: textOrNull(row, "replaced_by"),
  };
  if (keyChecksum(stored) !== row["checksum"]) throw damaged(id);
  return stored;
}

export function keyChecksum(key: StoredKey): number {
  const { tenantId, id, hash, hint, name, scopes, workflowIds, createdAt, expiresAt, revokedAt, rateLimit } = key;
  // Rows of before there were roles have the checksum of then.
  const later = key.role === null && key.replacedBy === null ? [] : [key.role, key.replacedBy];
  const lists = [JSON.stringify(scopes), JSON.stringify(workflowIds)];
  return rowChecksum([tenantId, id, hash, hint, name, ...lists, createdAt, expiresAt, revokedAt, ...rateColumns(rateLimit), ...later]);
}

/** rate_requests, rate_window_s. */
export function rateColumns(limit: RateLimit | null): readonly [number | null, number | null] {
  return limit === null ? [null, null] : [limit.requests, limit.windowS];
}

function rateLimitOf(requests: number | null, windowS: number | null): RateLimit | null {
  return requests === null || windowS === null ? null : { requests, windowS };
}

function scopesOf(id: string, json: string): readonly string[] {
  try {
    return JSON.parse(json) as readonly string[];
  } catch {
    throw damaged(id);
  }
}

function damaged(id: string): StoreCorrupt {
  return new StoreCorrupt(`the row of key ${id} is not what was written`);
}
