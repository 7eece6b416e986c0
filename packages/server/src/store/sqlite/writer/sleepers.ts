import type { DatabaseSync } from "node:sqlite";
import { text } from "#store/sql/rows";
import type { RunKey, SleepColumns } from "#store/sql/run-columns";
import { sleeperChecksum } from "#store/sql/sleeper-row";

/** Stands for the owner of a run that sleeps; no process is named so. */
export const ASLEEP = "asleep";

/** The runs that sleep; always inside the transaction that puts them to sleep, or claims them. */
export class Sleepers {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
  }

  add(tenantId: string, runId: string, [until, pause]: SleepColumns): void {
    this.#sql.insert.run(tenantId, runId, until, pause, sleeperChecksum(tenantId, runId, until, pause));
  }

  /** Whose time has come, soonest first. */
  due(at: number, limit: number): readonly RunKey[] {
    return this.#sql.due.all(at, limit).map((row) => [text(row, "tenant_id"), text(row, "run_id")]);
  }

  /** False: it does not sleep. */
  remove([tenantId, runId]: RunKey): boolean {
    return this.#sql.remove.run(tenantId, runId).changes === 1;
  }
}

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare("INSERT INTO sleepers (tenant_id, run_id, wakes_at, pause, checksum) VALUES (?, ?, ?, ?, ?)"),
    due: database.prepare("SELECT tenant_id, run_id FROM sleepers WHERE wakes_at <= ? ORDER BY wakes_at LIMIT ?"),
    remove: database.prepare("DELETE FROM sleepers WHERE tenant_id = ? AND run_id = ?"),
  };
}
