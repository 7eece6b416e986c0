import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import type { NewShare, OwnedShare } from "#store/share-store";
import { number, type Row, text } from "#store/sql/rows";

interface StoredShare extends NewShare, OwnedShare {}

export const SHARE_COLUMNS = "tenant_id, run_id, id, hash, hint, created_at, expires_at, created_by, checksum";

/** The columns in their order, the checksum last. */
export function shareColumns(share: StoredShare) {
  return [...checkedColumns(share), rowChecksum(checkedColumns(share))] as const;
}

function checkedColumns({ tenantId, runId, id, hash, hint, createdAt, expiresAt, createdBy }: StoredShare) {
  return [tenantId, runId, id, hash, hint, createdAt, expiresAt, createdBy] as const;
}

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not show another run, or for longer. */
export function readShare(row: Row): OwnedShare {
  const share: OwnedShare = {
    tenantId: text(row, "tenant_id"),
    runId: text(row, "run_id"),
    id: text(row, "id"),
    hint: text(row, "hint"),
    createdAt: number(row, "created_at"),
    expiresAt: number(row, "expires_at"),
    createdBy: text(row, "created_by"),
  };
  if (rowChecksum(checkedColumns({ ...share, hash: text(row, "hash") })) !== row["checksum"])
    throw new StoreCorrupt(`the row of the link ${share.id} to a run is not what was written`);
  return share;
}
