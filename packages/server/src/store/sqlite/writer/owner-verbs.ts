import type { DatabaseSync, StatementSync } from "node:sqlite";
import { runEnded } from "#store/sql/outbox";
import { type Row, text } from "#store/sql/rows";
import type { RunKey } from "#store/sql/run-columns";
import { RUN_COLUMNS } from "#store/sql/run-row";
import { finish } from "#store/sqlite/finish";
import { NOBODY } from "#store/sqlite/writer/run-verbs";
import { ASLEEP, Sleepers } from "#store/sqlite/writer/sleepers";
import { ASIDE } from "#store/sqlite/writer/suspect-verbs";

/** Stands for an owner that died before it let the run go. */
const ORPHANED = "orphaned";

/** A worker and the beat at which it was last seen. */
export type Beat = readonly [owner: string, beat: number];

/** Owners, and the runs of those that are gone. */
export function ownerVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const sleepers = new Sleepers(database);
  const claimAll = (owner: string, keys: readonly RunKey[]): readonly Row[] =>
    keys.map(([tenantId, id]) => sql.raiseFence.get(owner, tenantId, id)).filter((row) => row !== undefined);
  return {
    /** At the start of a process that holds the data directory alone: every earlier owner is dead. */
    forgetOwners(owner: string): void {
      sql.orphan.run(ORPHANED);
      sql.freeAll.run(NOBODY, NOBODY, ASLEEP, ASIDE, ORPHANED);
      sql.freeLost.run(NOBODY, ASLEEP);
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

    /** Gives the oldest runs of dead and unknown owners to `owner`, each under a new fence: their rows, with it and `orphaned`. */
    claim(owner: string, limit: number, dead: readonly Beat[]): readonly Row[] {
      // One that is given up learns of it at its next renewal; one whose beat went on lives.
      for (const [one, beat] of dead) sql.forget.run(one, beat);
      sql.register.run(owner);
      const oldest = sql.abandoned
        .all()
        .flatMap((row) => sql.oldestOf.all(text(row, "owner"), limit))
        .sort((left, right) => (text(left, "id") < text(right, "id") ? -1 : 1))
        .slice(0, limit);
      return oldest.flatMap((row) => {
        const orphaned = row["owner"] === ORPHANED ? 1 : 0;
        return claimAll(owner, [[text(row, "tenant_id"), text(row, "id")]]).map((claimed) => ({ ...claimed, orphaned }));
      });
    },

    /** Gives the sleeping runs whose time has come to `owner`, likewise. */
    wake(owner: string, at: number, limit: number): readonly Row[] {
      sql.register.run(owner);
      return claimAll(
        owner,
        sleepers.due(at, limit).filter((key) => sleepers.remove(key)),
      );
    },

    /** Nothing: it does not sleep. */
    wakeOne(owner: string, key: RunKey): readonly Row[] {
      if (!sleepers.remove(key)) return [];
      sql.register.run(owner);
      return claimAll(owner, [key]);
    },

    /** Ends a run that can never go on; its journal stays as it is. */
    end([tenantId, id]: RunKey, startedAt: number, endedAt: number, errorType: string, checksum: number): void {
      sql.end.run(startedAt, endedAt, errorType, checksum, tenantId, id);
      finish(database, runEnded(tenantId, id, endedAt));
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
    orphan: statement(
      "UPDATE runs INDEXED BY runs_unfinished SET owner = ? WHERE ended_at IS NULL AND owner IN (SELECT owner FROM workers WHERE drains = 0)",
    ),
    freeAll: statement("UPDATE runs INDEXED BY runs_unfinished SET owner = ? WHERE ended_at IS NULL AND owner NOT IN (?, ?, ?, ?)"),
    // Said to sleep, but nobody would wake it: damage, from which the run recovers.
    freeLost: statement(`
      UPDATE runs INDEXED BY runs_unfinished SET owner = ? WHERE ended_at IS NULL AND owner = ?
      AND NOT EXISTS (SELECT 1 FROM sleepers WHERE sleepers.tenant_id = runs.tenant_id AND sleepers.run_id = runs.id)`),
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
      SELECT owner FROM found WHERE owner IS NOT NULL AND owner NOT IN ('${ASLEEP}', '${ASIDE}') AND owner NOT IN (SELECT owner FROM workers)`),
    oldestOf: statement(
      "SELECT tenant_id, id, owner FROM runs INDEXED BY runs_unfinished WHERE owner = ? AND ended_at IS NULL ORDER BY id LIMIT ?",
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
