import type { Author } from "#store/author";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { VersionRow } from "#store/version-store";

/** The document's own hash is its check; the checksum guards the rest of the row. */
export interface StoredVersion extends Omit<VersionRow, "live" | "number" | "changes"> {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly ordinal: number;
  readonly layout: string | null;
  /** JSON text. */
  readonly changes: string | null;
}

export const VERSION_COLUMNS =
  "v.tenant_id, v.workflow_id, v.ordinal, v.version, v.hash, v.layout, v.note, v.created_at, v.released_at, v.author_kind, v.author_id, v.author_name, v.changes, v.checksum";

const AUTHOR_COLUMNS = 3;
const LATER_COLUMNS = AUTHOR_COLUMNS + 1;

export function versionColumns(row: StoredVersion) {
  const { tenantId, workflowId, ordinal, version, hash, layout, note, createdAt, releasedAt, by, changes } = row;
  const author = [by?.kind ?? null, by?.id ?? null, by?.name ?? null] as const;
  return [tenantId, workflowId, ordinal, version, hash, layout, note, createdAt, releasedAt, ...author, changes] as const;
}

export function versionChecksum(row: StoredVersion): number {
  const columns = versionColumns(row);
  // Rows of before there were authors, and of before there were changes, have the checksum of then.
  if (row.changes !== null) return rowChecksum(columns);
  return rowChecksum(columns.slice(0, row.by === null ? -LATER_COLUMNS : -1));
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
    by: authorOf(row),
    changes: textOrNull(row, "changes"),
  };
  if (versionChecksum(stored) !== row["checksum"]) throw damagedVersion(stored);
  return stored;
}

function authorOf(row: Row): Author | null {
  const kind = textOrNull(row, "author_kind") as Author["kind"] | null;
  return kind && { kind, id: textOrNull(row, "author_id") ?? "", name: textOrNull(row, "author_name") ?? "" };
}

export function damagedVersion({ version, workflowId }: Pick<StoredVersion, "version" | "workflowId">): StoreCorrupt {
  return new StoreCorrupt(`the version ${version} of workflow ${workflowId} is not what was written`);
}
