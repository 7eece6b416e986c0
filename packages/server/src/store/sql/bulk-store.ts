import type { BulkJobRow, BulkProgress, BulkStore, OwnedBulkJob } from "#store/bulk-store";
import { BULK_COLUMNS, bulkJobRow, readBulkJob, storedBulkJob } from "#store/sql/bulk-row";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import { all, one } from "#store/sql/steps";

const SELECT = `SELECT ${BULK_COLUMNS} FROM bulk_jobs`;
const RUNNING = `${SELECT} INDEXED BY bulk_jobs_running WHERE state = 'running' ORDER BY id`;

export class SqlBulkJobs implements BulkStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  create(tenantId: string, job: BulkJobRow): Promise<void> {
    return this.#telling(job.id, this.#database.write("createBulkJob", [storedBulkJob(tenantId, job)]));
  }

  async get(tenantId: string, id: string): Promise<BulkJobRow | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE tenant_id = ? AND id = ?`, tenantId, id));
    return row ? bulkJobRow(readBulkJob(row)) : null;
  }

  async list(tenantId: string, { limit, before }: { readonly limit: number; readonly before?: string }): Promise<readonly BulkJobRow[]> {
    const where = new Conditions("tenant_id = ?", tenantId).and("id < ?", before);
    const rows = await this.#database.read(all(`${SELECT} WHERE ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit));
    return rows.map((row) => bulkJobRow(readBulkJob(row)));
  }

  async running(): Promise<readonly OwnedBulkJob[]> {
    return (await this.#database.read(all(RUNNING))).map((row) => {
      const stored = readBulkJob(row);
      return { ...bulkJobRow(stored), tenantId: stored.tenantId };
    });
  }

  advance(tenantId: string, id: string, progress: BulkProgress): Promise<void> {
    return this.#telling(id, this.#database.write("advanceBulkJob", [tenantId, id, progress]));
  }

  stop(tenantId: string, id: string, at: number): Promise<boolean> {
    return this.#telling(id, this.#database.write("stopBulkJob", [tenantId, id, at]));
  }

  async #telling<T>(id: string, written: Promise<T>): Promise<T> {
    const result = await written;
    this.#database.changed({ kind: "job", id });
    return result;
  }
}
