import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sqlite/rows";
import type { VersionRow } from "#store/store";

/** The document's own hash is its check; the checksum guards the rest of the row. */
export interface StoredVersion extends Omit<VersionRow, "live"> {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly ordinal: number;
  readonly layout: string | null;
}

export const VERSION_COLUMNS =
  "v.tenant_id, v.workflow_id, v.ordinal, v.version, v.hash, v.layout, v.note, v.created_at, v.released_at, v.checksum";

export function versionColumns(row: StoredVersion) {
  const { tenantId, workflowId, ordinal, version, hash, layout, note, createdAt, releasedAt } = row;
  return [tenantId, workflowId, ordinal, version, hash, layout, note, createdAt, releasedAt] as const;
}

export function versionChecksum(row: StoredVersion): number {
  return rowChecksum(versionColumns(row));
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readVersion(row: Row): StoredVersion {
  const stored: StoredVersion = {
    tenantId: text(row, "tenant_id"),
    workflowId: text(row, "workflow_id"),
    ordinal: number(row, "ordinal"),
    version: text(row, "version"),
    hash: text(row, "hash"),
    layout: textOrNull(row, "layout"),
    note: text(row, "note"),
    createdAt: number(row, "created_at"),
    releasedAt: numberOrNull(row, "released_at"),
  };
  if (versionChecksum(stored) !== row["checksum"]) throw damagedVersion(stored);
  return stored;
}

export function damagedVersion({ version, workflowId }: StoredVersion): StoreCorrupt {
  return new StoreCorrupt(`the version ${version} of workflow ${workflowId} is not what was written`);
}
