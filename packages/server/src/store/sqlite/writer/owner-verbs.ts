import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Row, text } from "#store/sqlite/rows";
import { RUN_COLUMNS } from "#store/sqlite/run-row";
import { Outbox } from "#store/sqlite/writer/outbox";
import { NOBODY } from "#store/sqlite/writer/run-verbs";

/** A worker and the beat at which it was last seen. */
export type Beat = readonly [owner: string, beat: number];

export type RunKey = readonly [tenantId: string, id: string];

/** Owners, and the runs of those that are gone. */
export function ownerVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const outbox = new Outbox(database);
  return {
    /** At the start of a process that holds the data directory alone: every earlier owner is dead. */
    forgetOwners(owner: string): void {
      sql.freeAll.run(NOBODY, NOBODY);
      sql.forgetAll.run();
      sql.register.run(owner);
    },

    /** False: the owner was given up. */
    renew(owner: string): boolean {
      return sql.beat.run(owner).changes === 1;
    },

    /** Writes the least that there is to write: tells whether writing works. */
    probe(): void {
      sql.probe.run();
    },

    /** Gives the oldest runs of dead and unknown owners to `owner`, each under a new fence: their rows, with it. */
    claim(owner: string, limit: number, dead: readonly Beat[]): readonly Row[] {
      // One that is given up learns of it at its next renewal; one whose beat went on lives.
      for (const [one, beat] of dead) sql.forget.run(one, beat);
      sql.register.run(owner);
      const oldest = sql.abandoned
        .all()
        .map((row) => text(row, "owner"))
        .flatMap((one) => sql.oldestOf.all(one, limit))
        .sort((left, right) => (text(left, "id") < text(right, "id") ? -1 : 1))
        .slice(0, limit);
      return oldest.map((row) => sql.raiseFence.get(owner, text(row, "tenant_id"), text(row, "id"))).filter((row) => row !== undefined);
    },

    /** Ends a run that can never go on; its journal stays as it is. */
    end([tenantId, id]: RunKey, startedAt: number, endedAt: number, errorType: string, checksum: number): void {
      sql.end.run(startedAt, endedAt, errorType, checksum, tenantId, id);
      outbox.runEnded(tenantId, id, endedAt);
    },

    giveBack(runs: readonly (readonly [key: RunKey, fence: number])[]): void {
      for (const [[tenantId, id], fence] of runs) sql.free.run(NOBODY, tenantId, id, fence);
    },
  };
}

function prepare(database: DatabaseSync) {
  const statement = (sql: string): StatementSync => database.prepare(sql);
  // The index is named: without statistics the planner may take the table, which has every run that ever was.
  return {
    freeAll: statement("UPDATE runs INDEXED BY runs_unfinished SET owner = ? WHERE ended_at IS NULL AND owner <> ?"),
    forgetAll: statement("DELETE FROM workers"),
    register: statement("INSERT INTO workers (owner, beat) VALUES (?, 0) ON CONFLICT (owner) DO NOTHING"),
    forget: statement("DELETE FROM workers WHERE owner = ? AND beat = ?"),
    beat: statement("UPDATE workers SET beat = beat + 1 WHERE owner = ?"),
    probe: statement("UPDATE workers SET beat = beat"),
    // The distinct owners of unfinished runs that are no workers, each found by one step in the index, however many runs they have.
    abandoned: statement(`
      WITH RECURSIVE found (owner) AS (
        SELECT min(owner) FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL
        UNION ALL
        SELECT (SELECT min(owner) FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL AND owner > found.owner) FROM found WHERE found.owner IS NOT NULL
      )
      SELECT owner FROM found WHERE owner IS NOT NULL AND owner NOT IN (SELECT owner FROM workers)`),
    oldestOf: statement(
      "SELECT tenant_id, id FROM runs INDEXED BY runs_unfinished WHERE owner = ? AND ended_at IS NULL ORDER BY id LIMIT ?",
    ),
    raiseFence: statement(`
      UPDATE runs SET owner = ?, fence = fence + 1 WHERE tenant_id = ? AND id = ? AND ended_at IS NULL
      RETURNING ${RUN_COLUMNS}, fence`),
    free: statement("UPDATE runs SET owner = ? WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL"),
    end: statement(
      "UPDATE runs SET status = 'FAILED', started_at = ?, ended_at = ?, error_type = ?, checksum = ? WHERE tenant_id = ? AND id = ?",
    ),
  };
}
