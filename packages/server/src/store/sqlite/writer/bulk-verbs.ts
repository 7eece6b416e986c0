import type { DatabaseSync } from "node:sqlite";
import type { BulkProgress } from "#store/bulk-store";
import { BULK_COLUMNS, bulkColumns, readBulkJob, type StoredBulkJob } from "#store/sqlite/bulk-row";

/** Jobs that ended are kept for whoever looks at them later: so many of a tenant. */
const KEPT_JOBS = 100;

export function bulkVerbs(database: DatabaseSync) {
  const find = database.prepare(`SELECT ${BULK_COLUMNS} FROM bulk_jobs WHERE tenant_id = ? AND id = ?`);
  const put = database.prepare(`INSERT OR REPLACE INTO bulk_jobs (${BULK_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const forget = database.prepare(`
    DELETE FROM bulk_jobs WHERE tenant_id = ? AND id IN (
      SELECT id FROM bulk_jobs WHERE tenant_id = ? AND state <> 'running' ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ${KEPT_JOBS})`);
  const found = (tenantId: string, id: string): StoredBulkJob | null => {
    const row = find.get(tenantId, id);
    return row ? readBulkJob(row) : null;
  };
  return {
    createBulkJob(row: StoredBulkJob): void {
      put.run(...bulkColumns(row));
      forget.run(row.tenantId, row.tenantId);
    },

    advanceBulkJob(tenantId: string, id: string, { isDone, at, ...progress }: BulkProgress): void {
      const row = found(tenantId, id);
      if (!row) return;
      const state = row.state === "running" && isDone ? "done" : row.state;
      put.run(...bulkColumns({ ...row, ...progress, state, updatedAt: at }));
    },

    stopBulkJob(tenantId: string, id: string, at: number): boolean {
      const row = found(tenantId, id);
      if (row?.state === "running") put.run(...bulkColumns({ ...row, state: "stopped", updatedAt: at }));
      return row !== null;
    },
  };
}
