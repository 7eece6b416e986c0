import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text, textOrNull } from "#store/sql/rows";

/** A draft that runs were started with. The document's own hash is its check; the checksum guards the rest of the row. */
export interface StoredDraft {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly version: string;
  readonly hash: string;
  readonly layout: string | null;
  readonly keptAt: number;
}

export const DRAFT_COLUMNS = "tenant_id, workflow_id, version, hash, layout, kept_at, checksum";

export function draftColumns({ tenantId, workflowId, version, hash, layout, keptAt }: StoredDraft) {
  return [tenantId, workflowId, version, hash, layout, keptAt] as const;
}

export function draftChecksum(row: StoredDraft): number {
  return rowChecksum(draftColumns(row));
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readDraft(row: Row): StoredDraft {
  const stored: StoredDraft = {
    tenantId: text(row, "tenant_id"),
    workflowId: text(row, "workflow_id"),
    version: text(row, "version"),
    hash: text(row, "hash"),
    layout: textOrNull(row, "layout"),
    keptAt: number(row, "kept_at"),
  };
  if (draftChecksum(stored) !== row["checksum"]) throw damagedDraft(stored);
  return stored;
}

export function damagedDraft({ version, workflowId }: StoredDraft): StoreCorrupt {
  return new StoreCorrupt(`the draft ${version} of workflow ${workflowId} is not what was written`);
}
