import type { DevKeyRow } from "#store/dev-key-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";

export interface StoredDevKey extends DevKeyRow {
  readonly hash: string;
}

export const DEV_KEY_COLUMNS = "tenant_id, id, hash, name, created_at, expires_at, revoked_at, checksum";

export function devKeyColumns({ tenantId, id, hash, name, createdAt, expiresAt, revokedAt }: StoredDevKey) {
  return [tenantId, id, hash, name, createdAt, expiresAt, revokedAt] as const;
}

export function devKeyChecksum(key: StoredDevKey): number {
  return rowChecksum(devKeyColumns(key));
}

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not bring a key back. */
export function readDevKey(row: Row): StoredDevKey {
  const stored: StoredDevKey = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    hash: text(row, "hash"),
    name: text(row, "name"),
    createdAt: number(row, "created_at"),
    expiresAt: numberOrNull(row, "expires_at"),
    revokedAt: numberOrNull(row, "revoked_at"),
  };
  if (devKeyChecksum(stored) !== row["checksum"]) throw new StoreCorrupt(`the row of DevKey ${stored.id} is not what was written`);
  return stored;
}
