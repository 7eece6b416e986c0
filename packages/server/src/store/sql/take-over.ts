import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { JournalCorrupt, LeaseLost } from "#store/errors";
import { Liveness } from "#store/lease";
import type { SqlDatabase } from "#store/sql/database";
import type { JournalReader } from "#store/sql/journal-reader";
import { OwnClaim } from "#store/sql/own-claim";
import { type Beat, owned } from "#store/sql/owner-verbs";
import { number, type Row, text } from "#store/sql/rows";
import { identityColumns, type RunKey } from "#store/sql/run-columns";
import { JOURNAL_CORRUPT } from "#store/sql/run-reader";
import { readRun, runChecksum } from "#store/sql/run-row";
import { all } from "#store/sql/steps";
import type { Claim, ClaimedRun, RunSummary, Suspect, SuspectedRun, WaitingDeaths } from "#store/store";

export interface TakeOverPorts {
  readonly database: SqlDatabase;
  readonly journals: JournalReader;
  readonly clock: Pick<Clock, "now" | "mono">;
  readonly log: Pick<Logger, "error">;
}

/** Owners, their beats, and the runs of those that are gone. */
export class TakeOver {
  readonly #ports: TakeOverPorts;
  readonly #liveness: Liveness;

  constructor(ports: TakeOverPorts) {
    this.#ports = ports;
    this.#liveness = new Liveness(ports.clock.mono);
  }

  /** To be awaited before anything else, by a process that has the data for itself: what earlier ones owned is nobody's. */
  forgetOwners(owner: string): Promise<void> {
    return this.#ports.database.write("forgetOwners", [owner]);
  }

  /** The same of one process among others: what had its name before is gone. */
  enter(owner: string): Promise<void> {
    return this.#ports.database.write("enter", [owner]);
  }

  /** It drives no more, and others need not wait for its lease to be over. False: it had not resigned, so that is what they do. */
  leave(owner: string): Promise<boolean> {
    return this.#ports.database.write("leave", [owner]);
  }

  async renew(owner: string): Promise<void> {
    if (!(await this.#ports.database.write("renew", [owner]))) throw new LeaseLost(owner);
  }

  /** Tells whether writing works. */
  probe(): Promise<void> {
    return this.#ports.database.write("probe", []);
  }

  /** Empty only when no run is left to take over. */
  takeOver(owner: string, limit: number): Promise<readonly ClaimedRun[]> {
    return this.#claimed(async () => this.#ports.database.write("claim", [owner, limit, await this.#dead(owner)]));
  }

  /** Empty only when no run is left that was handed over. */
  takeHanded(owner: string, limit: number): Promise<readonly ClaimedRun[]> {
    return this.#claimed(() => this.#ports.database.write("claimHanded", [owner, limit]));
  }

  /** Empty only when no sleeping run is left whose time has come. */
  wake(owner: string, at: number, limit: number): Promise<readonly ClaimedRun[]> {
    return this.#claimed(() => this.#ports.database.write("wake", [owner, at, limit]));
  }

  async wakeOne(owner: string, tenantId: string, runId: string): Promise<ClaimedRun | null> {
    const [claimed] = await this.#claimed(() => this.#ports.database.write("wakeOne", [owner, [tenantId, runId]]));
    return claimed ?? null;
  }

  async takeHosted(tenantId: string, runId: string): Promise<ClaimedRun | null> {
    const rows = await this.#ports.database.write("takeHosted", [[tenantId, runId]]);
    const [claimed] = await this.#load(rows, { withLast: true });
    return claimed ?? null;
  }

  owned(owner: string): Promise<readonly Claim[]> {
    return this.#ports.database.read(owned(owner));
  }

  giveBack(claims: readonly Claim[], { orphaned }: { readonly orphaned: boolean }): Promise<void> {
    return this.#ports.database.write("giveBack", [
      claims.map(({ tenantId, runId, fence }) => [[tenantId, runId], fence] as const),
      orphaned,
    ]);
  }

  resign(owner: string): Promise<void> {
    return this.#ports.database.write("resign", [owner]);
  }

  suspect(suspects: readonly Suspect[], asideFrom: number): Promise<readonly number[]> {
    const columns = suspects.map(({ claim: { tenantId, runId, fence }, progress }) => [[tenantId, runId], fence, progress] as const);
    return this.#ports.database.write("suspect", [columns, asideFrom]);
  }

  /** Null only when no run is set aside. */
  async takeAside(owner: string, waiting: WaitingDeaths): Promise<SuspectedRun | "waiting" | null> {
    for (;;) {
      const taken = await this.#ports.database.write("takeAside", [owner, waiting]);
      if (!taken || taken === "waiting") return taken;
      const [loaded] = await this.#load([taken.row]);
      if (loaded) return { ...loaded, deaths: taken.deaths };
    }
  }

  async #claimed(claim: () => Promise<readonly Row[]>): Promise<readonly ClaimedRun[]> {
    for (;;) {
      const claimed = await claim();
      failpoint("claim.afterFence");
      const loaded = await this.#load(claimed);
      // Nothing loaded of something claimed: all of it was damaged, and the next ones may not be.
      if (loaded.length > 0 || claimed.length === 0) return loaded;
    }
  }

  /** The workers that have not stirred for a lease. */
  async #dead(owner: string): Promise<readonly Beat[]> {
    const rows = await this.#liveness.looking(() => this.#ports.database.read(all("SELECT owner, beat FROM workers")));
    const beats = new Map(rows.map((row) => [text(row, "owner"), number(row, "beat")]));
    const alive = this.#liveness.observe(beats);
    return [...beats].filter(([one]) => one !== owner && !alive.has(one));
  }

  /** The runs with their journals. Those that cannot be read are ended; what another error leaves unread is given back. */
  async #load(rows: readonly Row[], { withLast = false } = {}): Promise<readonly ClaimedRun[]> {
    const loaded: ClaimedRun[] = [];
    for (const [index, row] of rows.entries()) {
      try {
        loaded.push(await this.#loadOne(row, withLast ? row : null));
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

  async #loadOne(row: Row, last: Row | null): Promise<ClaimedRun> {
    const { database, journals } = this.#ports;
    const stored = readRun(row);
    const { entries, hash } = await journals.whole(stored, last);
    const { tenantId, run, firstSegment, lastSegment, webhooks } = stored;
    const claim = new OwnClaim(tenantId, run.id, number(row, "fence"), last !== null);
    if (database.dialect.joins) claim.end = [identityColumns(run), stored.entries, firstSegment, lastSegment, hash, webhooks];
    return { claim, run, entries, orphaned: row["orphaned"] === 1 };
  }

  /** The run can never go on: it ends, and its journal stays as it is, as evidence. */
  async #end(row: Row, error: JournalCorrupt): Promise<void> {
    this.#ports.log.error({ err: error, workflowRunId: error.runId }, "the journal of a run is damaged; the run is ended");
    const { startedAt, endedAt, checksum } = endedRow(row, this.#ports.clock.now());
    await this.#ports.database.write("end", [keyOf(row), startedAt, endedAt, JOURNAL_CORRUPT.type, checksum]);
    this.#ports.database.changed({ kind: "delivery", id: error.runId });
  }

  #giveBack(rows: readonly Row[]): Promise<void> {
    return this.#ports.database.write("giveBack", [rows.map((row) => [keyOf(row), number(row, "fence")] as const)]);
  }
}

function keyOf(row: Row): RunKey {
  return [text(row, "tenant_id"), text(row, "id")];
}

/** What changes in the row of a run that ends here. A row that is damaged itself keeps its checksum, which goes on saying so. */
function endedRow(row: Row, now: number): { readonly startedAt: number; readonly endedAt: number; readonly checksum: number } {
  try {
    const { tenantId, run, entries, firstSegment, lastSegment, webhooks } = readRun(row);
    const endedAt = Math.max(now, run.acceptedAt, run.startedAt ?? 0);
    const startedAt = run.startedAt ?? endedAt;
    const summary: RunSummary = { ...run, status: "FAILED", startedAt, endedAt, errorType: JOURNAL_CORRUPT.type };
    return { startedAt, endedAt, checksum: runChecksum(tenantId, run, summary, entries, firstSegment, lastSegment, webhooks) };
  } catch (error) {
    if (!(error instanceof JournalCorrupt)) throw error;
    return { startedAt: now, endedAt: now, checksum: number(row, "checksum") };
  }
}
