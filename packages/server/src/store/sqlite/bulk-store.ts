import type { DatabaseSync } from "node:sqlite";
import type { BulkJobRow, BulkProgress, BulkStore, OwnedBulkJob } from "#store/bulk-store";
import { BULK_COLUMNS, bulkJobRow, readBulkJob, storedBulkJob } from "#store/sqlite/bulk-row";
import { reading } from "#store/sqlite/failure";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";

export class SqliteBulkJobs implements BulkStore {
  readonly #writer: Writer;
  readonly #changed: (change: Change) => void;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void) {
    this.#writer = writer;
    this.#changed = changed;
    this.#read = prepareReads(reader);
  }

  create(tenantId: string, job: BulkJobRow): Promise<void> {
    return this.#telling(job.id, this.#writer.write("createBulkJob", [storedBulkJob(tenantId, job)]));
  }

  async get(tenantId: string, id: string): Promise<BulkJobRow | null> {
    return reading(() => {
      const row = this.#read.one.get(tenantId, id);
      return row ? bulkJobRow(readBulkJob(row)) : null;
    });
  }

  async list(tenantId: string, { limit, before }: { readonly limit: number; readonly before?: string }): Promise<readonly BulkJobRow[]> {
    return reading(() => {
      const rows = before === undefined ? this.#read.newest.all(tenantId, limit) : this.#read.newestBefore.all(tenantId, before, limit);
      return rows.map((row) => bulkJobRow(readBulkJob(row)));
    });
  }

  async running(): Promise<readonly OwnedBulkJob[]> {
    return reading(() => {
      return this.#read.running.all().map((row) => {
        const stored = readBulkJob(row);
        return { ...bulkJobRow(stored), tenantId: stored.tenantId };
      });
    });
  }

  advance(tenantId: string, id: string, progress: BulkProgress): Promise<void> {
    return this.#telling(id, this.#writer.write("advanceBulkJob", [tenantId, id, progress]));
  }

  stop(tenantId: string, id: string, at: number): Promise<boolean> {
    return this.#telling(id, this.#writer.write("stopBulkJob", [tenantId, id, at]));
  }

  async #telling<T>(id: string, written: Promise<T>): Promise<T> {
    const result = await written;
    this.#changed({ kind: "job", id });
    return result;
  }
}

function prepareReads(database: DatabaseSync) {
  const select = `SELECT ${BULK_COLUMNS} FROM bulk_jobs`;
  return {
    one: database.prepare(`${select} WHERE tenant_id = ? AND id = ?`),
    newest: database.prepare(`${select} WHERE tenant_id = ? ORDER BY id DESC LIMIT ?`),
    newestBefore: database.prepare(`${select} WHERE tenant_id = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    running: database.prepare(`${select} INDEXED BY bulk_jobs_running WHERE state = 'running' ORDER BY id`),
  };
}
