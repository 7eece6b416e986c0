import type { BulkState } from "@millrace/contract";
import type { BulkDefinition, BulkJobRow } from "#store/bulk-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text, textOrNull } from "#store/sql/rows";

/** A job as stored: what it does is one text. */
export interface StoredBulkJob extends Omit<BulkJobRow, keyof BulkDefinition> {
  readonly tenantId: string;
  readonly definition: string;
}

export const BULK_COLUMNS =
  "tenant_id, id, definition, state, before_run, matched, done, failed, last_error, created_at, updated_at, checksum";

export function bulkColumns(row: StoredBulkJob) {
  const { tenantId, id, definition, state, beforeRun, matched, done, failed, lastError, createdAt, updatedAt } = row;
  const values = [tenantId, id, definition, state, beforeRun, matched, done, failed, lastError, createdAt, updatedAt] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written: it must not cancel what nobody named. */
export function readBulkJob(row: Row): StoredBulkJob {
  const stored: StoredBulkJob = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    definition: text(row, "definition"),
    // Nothing else was ever written, and the checksum says that it is what was written.
    state: text(row, "state") as BulkState,
    beforeRun: text(row, "before_run"),
    matched: number(row, "matched"),
    done: number(row, "done"),
    failed: number(row, "failed"),
    lastError: textOrNull(row, "last_error"),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
  };
  if (bulkColumns(stored).at(-1) !== row["checksum"]) throw new StoreCorrupt(`the row of job ${stored.id} is not what was written`);
  return stored;
}

export function storedBulkJob(tenantId: string, { action, filter, from, version, ...row }: BulkJobRow): StoredBulkJob {
  return { ...row, tenantId, definition: JSON.stringify({ action, filter, from, version } satisfies BulkDefinition) };
}

export function bulkJobRow({ tenantId: _, definition, ...row }: StoredBulkJob): BulkJobRow {
  return { ...(JSON.parse(definition) as BulkDefinition), ...row };
}
