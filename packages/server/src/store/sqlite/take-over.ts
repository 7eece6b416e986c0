import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { JournalCorrupt, LeaseLost } from "#store/errors";
import { Liveness } from "#store/lease";
import { SqliteClaim } from "#store/sqlite/claim";
import type { Committer } from "#store/sqlite/committer";
import type { JournalReader } from "#store/sqlite/journal-reader";
import { number, type Row, text } from "#store/sqlite/rows";
import { JOURNAL_CORRUPT } from "#store/sqlite/run-reader";
import { RUN_COLUMNS, readRun, runChecksum, type StoredRun } from "#store/sqlite/run-row";
import type { ClaimedRun, RunSummary } from "#store/store";

/** No owner: the run waits for one. */
const NOBODY = "";

export interface TakeOverPorts {
  readonly database: DatabaseSync;
  readonly committer: Committer;
  readonly journals: JournalReader;
  readonly clock: Pick<Clock, "now" | "mono">;
  readonly log: Pick<Logger, "error">;
}

/** Owners, their beats, and the runs of those that are gone. */
export class TakeOver {
  readonly #ports: TakeOverPorts;
  readonly #liveness: Liveness;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(ports: TakeOverPorts) {
    this.#ports = ports;
    this.#liveness = new Liveness(ports.clock.mono);
    this.#sql = prepare(ports.database);
  }

  /** At the start of a process that holds the data directory alone: every earlier owner is dead. */
  forgetOwners(owner: string): Promise<void> {
    return this.#ports.committer.write(() => {
      this.#sql.freeAll.run(NOBODY, NOBODY);
      this.#sql.forgetAll.run();
      this.#sql.register.run(owner);
    });
  }

  async renew(owner: string): Promise<void> {
    const { changes } = await this.#ports.committer.write(() => this.#sql.beat.run(owner));
    if (changes !== 1) throw new LeaseLost(owner);
  }

  /** Writes the least that there is to write: tells whether writing works. */
  async probe(): Promise<void> {
    await this.#ports.committer.write(() => this.#sql.probe.run());
  }

  /** Empty only when no run is left to take over. */
  async takeOver(owner: string, limit: number): Promise<readonly ClaimedRun[]> {
    for (;;) {
      const claimed = await this.#ports.committer.write(() => this.#claim(owner, limit));
      failpoint("claim.afterFence");
      const loaded = await this.#load(claimed);
      // Nothing loaded of something claimed: all of it was damaged, and the next ones may not be.
      if (loaded.length > 0 || claimed.length === 0) return loaded;
    }
  }

  /** Inside the transaction: gives the oldest runs of dead owners to `owner`, under a new fence. */
  #claim(owner: string, limit: number): readonly Row[] {
    const alive = this.#liveness.observe(this.#beats());
    const dead = this.#sql.owners
      .all()
      .map((row) => text(row, "owner"))
      .filter((one) => one !== owner && !alive.has(one));
    this.#sql.register.run(owner);
    // One that is given up learns of it at its next renewal.
    for (const one of dead) this.#sql.forget.run(one);
    const oldest = dead
      .flatMap((one) => this.#sql.oldestOf.all(one, limit))
      .sort((left, right) => (text(left, "id") < text(right, "id") ? -1 : 1))
      .slice(0, limit);
    return oldest.map((row) => this.#sql.raiseFence.get(owner, text(row, "tenant_id"), text(row, "id"))).filter((row) => row !== undefined);
  }

  #beats(): ReadonlyMap<string, number> {
    return new Map(this.#sql.beats.all().map((row) => [text(row, "owner"), number(row, "beat")]));
  }

  /** The runs with their journals. Those that cannot be read are ended; what another error leaves unread is given back. */
  async #load(rows: readonly Row[]): Promise<readonly ClaimedRun[]> {
    const loaded: ClaimedRun[] = [];
    for (const [index, row] of rows.entries()) {
      try {
        loaded.push(await this.#loadOne(row));
      } catch (error) {
        if (error instanceof JournalCorrupt) await this.#end(row, error);
        else {
          await this.#giveBack([...rows.slice(index), ...rows.slice(0, index)]);
          throw error;
        }
      }
    }
    return loaded;
  }

  async #loadOne(row: Row): Promise<ClaimedRun> {
    const stored = readRun(row);
    const { entries, position } = await this.#ports.journals.contents(stored);
    return { claim: new SqliteClaim(stored.tenantId, identityOf(stored), number(row, "fence"), position), run: stored.run, entries };
  }

  /** The run can never go on: it ends, and its journal stays as it is, as evidence. */
  async #end(row: Row, error: JournalCorrupt): Promise<void> {
    this.#ports.log.error({ err: error, workflowRunId: error.runId }, "the journal of a run is damaged; the run is ended");
    const ended = endedRow(row, this.#ports.clock.now());
    await this.#ports.committer.write(() =>
      this.#sql.end.run(ended.startedAt, ended.endedAt, JOURNAL_CORRUPT.type, ended.checksum, text(row, "tenant_id"), text(row, "id")),
    );
  }

  async #giveBack(rows: readonly Row[]): Promise<void> {
    await this.#ports.committer.write(() => {
      for (const row of rows) this.#sql.free.run(NOBODY, text(row, "tenant_id"), text(row, "id"), number(row, "fence"));
    });
  }
}

function identityOf({ run }: StoredRun) {
  const { id, workflowId, workflowName, version, userId, keyId, acceptedAt } = run;
  return { id, workflowId, workflowName, version, userId, keyId, acceptedAt };
}

/** What changes in the row of a run that ends here. A row that is damaged itself keeps its checksum, which goes on saying so. */
function endedRow(row: Row, now: number): { readonly startedAt: number; readonly endedAt: number; readonly checksum: number } {
  try {
    const { tenantId, run, entries } = readRun(row);
    const endedAt = Math.max(now, run.acceptedAt, run.startedAt ?? 0);
    const startedAt = run.startedAt ?? endedAt;
    const summary: RunSummary = { ...run, status: "FAILED", startedAt, endedAt, errorType: JOURNAL_CORRUPT.type };
    return { startedAt, endedAt, checksum: runChecksum(tenantId, run, summary, entries) };
  } catch (error) {
    if (!(error instanceof JournalCorrupt)) throw error;
    return { startedAt: now, endedAt: now, checksum: number(row, "checksum") };
  }
}

function prepare(database: DatabaseSync) {
  const statement = (sql: string): StatementSync => database.prepare(sql);
  // The index is named: without statistics the planner may take the table, which has every run that ever was.
  return {
    freeAll: statement("UPDATE runs INDEXED BY runs_unfinished SET owner = ? WHERE ended_at IS NULL AND owner <> ?"),
    forgetAll: statement("DELETE FROM workers"),
    register: statement("INSERT INTO workers (owner, beat) VALUES (?, 0) ON CONFLICT (owner) DO NOTHING"),
    forget: statement("DELETE FROM workers WHERE owner = ?"),
    beat: statement("UPDATE workers SET beat = beat + 1 WHERE owner = ?"),
    probe: statement("UPDATE workers SET beat = beat"),
    beats: statement("SELECT owner, beat FROM workers"),
    // The distinct owners of unfinished runs, each found by one step in the index, however many runs they have.
    owners: statement(`
      WITH RECURSIVE found (owner) AS (
        SELECT min(owner) FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL
        UNION ALL
        SELECT (SELECT min(owner) FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL AND owner > found.owner) FROM found WHERE found.owner IS NOT NULL
      )
      SELECT owner FROM found WHERE owner IS NOT NULL`),
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
