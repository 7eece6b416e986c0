import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text } from "#store/sqlite/rows";
import type { KeyRow } from "#store/store";

export interface StoredKey extends KeyRow {
  readonly hash: string;
}

export const KEY_COLUMNS =
  "tenant_id, id, hash, hint, name, scopes, all_workflows, created_at, expires_at, revoked_at, last_used_at, checksum";

/** Throws StoreCorrupt where the rows are not what was written: a flipped bit must not widen what a key may do. */
export function readKey(row: Row, workflows: StatementSync): StoredKey {
  const tenantId = text(row, "tenant_id");
  const id = text(row, "id");
  const all = number(row, "all_workflows") === 1;
  const stored: StoredKey = {
    tenantId,
    id,
    hash: text(row, "hash"),
    hint: text(row, "hint"),
    name: text(row, "name"),
    scopes: scopesOf(id, text(row, "scopes")),
    workflowIds: all ? null : workflows.all(tenantId, id).map((one) => text(one, "workflow_id")),
    createdAt: number(row, "created_at"),
    expiresAt: numberOrNull(row, "expires_at"),
    revokedAt: numberOrNull(row, "revoked_at"),
    lastUsedAt: numberOrNull(row, "last_used_at"),
  };
  if (keyChecksum(stored) !== row["checksum"]) throw damaged(id);
  return stored;
}

export function keyChecksum(key: StoredKey): number {
  const { tenantId, id, hash, hint, name, scopes, workflowIds, createdAt, expiresAt, revokedAt } = key;
  const lists = [JSON.stringify(scopes), JSON.stringify(workflowIds)];
  return rowChecksum([tenantId, id, hash, hint, name, ...lists, createdAt, expiresAt, revokedAt]);
}

/** The workflows of a key, in order. */
export function selectKeyWorkflows(database: DatabaseSync): StatementSync {
  return database.prepare("SELECT workflow_id FROM key_workflows WHERE tenant_id = ? AND key_id = ? ORDER BY workflow_id");
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
