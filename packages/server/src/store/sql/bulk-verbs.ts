import type { BulkProgress } from "#store/bulk-store";
import { BULK_COLUMNS, bulkColumns, readBulkJob, type StoredBulkJob } from "#store/sql/bulk-row";
import { one, run, type Steps, upsert } from "#store/sql/steps";

/** Jobs that ended are kept for whoever looks at them later: so many of a tenant. */
const KEPT_JOBS = 100;

const PUT = upsert("bulk_jobs", BULK_COLUMNS, "tenant_id, id");
const FORGET = `
  DELETE FROM bulk_jobs WHERE tenant_id = ? AND id IN (
    SELECT id FROM bulk_jobs WHERE tenant_id = ? AND state <> 'running' ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ${KEPT_JOBS})`;

export const bulkVerbs = {
  *createBulkJob(row: StoredBulkJob): Steps<void> {
    yield* run(PUT, ...bulkColumns(row));
    yield* run(FORGET, row.tenantId, row.tenantId, Number.MAX_SAFE_INTEGER);
  },

  *advanceBulkJob(tenantId: string, id: string, { isDone, at, ...progress }: BulkProgress): Steps<void> {
    const row = yield* found(tenantId, id);
    if (!row) return;
    const state = row.state === "running" && isDone ? "done" : row.state;
    yield* run(PUT, ...bulkColumns({ ...row, ...progress, state, updatedAt: at }));
  },

  *stopBulkJob(tenantId: string, id: string, at: number): Steps<boolean> {
    const row = yield* found(tenantId, id);
    if (row?.state === "running") yield* run(PUT, ...bulkColumns({ ...row, state: "stopped", updatedAt: at }));
    return row !== null;
  },
};

function* found(tenantId: string, id: string): Steps<StoredBulkJob | null> {
  const row = yield* one(`SELECT ${BULK_COLUMNS} FROM bulk_jobs WHERE tenant_id = ? AND id = ?`, tenantId, id);
  return row ? readBulkJob(row) : null;
}
