import type { Pool } from "pg";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { Duties } from "#store/duties";
import { StoreClosed } from "#store/errors";
import type { VectorSearch } from "#store/knowledge-store";
import type { Changes } from "#store/postgres/changes";
import { Committer } from "#store/postgres/committer";
import { storeError } from "#store/postgres/failure";
import { LargeValueTable } from "#store/postgres/large-values";
import type { Leadership } from "#store/postgres/leadership";
import { VERSION_TABLE } from "#store/postgres/migrate";
import type { Nearest } from "#store/postgres/nearest";
import { sharedStore } from "#store/postgres/shared-store";
import { sqlDatabase } from "#store/postgres/sql-database";
import { withDeeds } from "#store/sql/deeds";
import { JournalReader } from "#store/sql/journal-reader";
import { RunReader } from "#store/sql/run-reader";
import { sqlRuns } from "#store/sql/run-store";
import { type Room, RunWriter } from "#store/sql/run-writer";
import { sqlParts } from "#store/sql/sql-parts";
import { TakeOver } from "#store/sql/take-over";
import { SqlUpkeep } from "#store/sql/upkeep";
import type { Store } from "#store/store";

export interface PostgresParts {
  readonly pool: Pool;
  readonly changes: Changes;
  readonly leadershipOf: (duties: Duties) => Leadership;
  readonly clock: Pick<Clock, "now" | "mono">;
  readonly log: Pick<Logger, "warn" | "error">;
  /** null: the database cannot compare vectors. */
  readonly nearest: Nearest | null;
}

/** The database has room until it says otherwise. */
const ROOM: Room = { isFull: false, refused: () => undefined };

/** The store of one process among others on the same database. What an earlier process of the owner's name had is nobody's. */
export async function postgresStore({ pool, changes, leadershipOf, clock, log, nearest }: PostgresParts, owner: string): Promise<Store> {
  const figures = { batches: 0, operations: 0, commitSeconds: 0, checkpoints: 0, checkpointSeconds: 0, logBytes: 0 };
  const committed = (operations: number, ms: number): void => {
    figures.batches += 1;
    figures.operations += operations;
    figures.commitSeconds += ms / 1_000;
  };
  const ports = { committed, witness: () => changes.witness() };
  const runs = new Committer(pool, "REPEATABLE READ", ports, { contended: ["usage_sums", "draft_usage_sums", "node_result_sums"] });
  const others = new Committer(pool, "SERIALIZABLE", ports, { gate: VERSION_TABLE });
  const locking = new Committer(pool, "READ COMMITTED", ports);
  const compare = nearest && ((wanted: VectorSearch) => nearest.search(wanted));
  const database = withDeeds(sqlDatabase({ pool, runs, others, changes, nearest: compare }));
  const blobs = new LargeValueTable(pool, clock);
  const journals = new JournalReader(database, blobs);
  const takeOver = new TakeOver({ database, journals, clock, log });
  await takeOver.enter(owner);
  let closed: Promise<void> | null = null;
  const leave = async (): Promise<void> => {
    try {
      if (await takeOver.leave(owner)) changes.say({ kind: "left", id: owner });
    } catch (error) {
      log.warn({ err: error }, "what this process has left could not be given to the others; they take it once its lease is over");
    }
  };
  return {
    ...sqlParts(database, log),
    runs: sqlRuns(new RunWriter({ database, blobs, room: ROOM }), new RunReader(database, journals), takeOver),
    upkeep: new SqlUpkeep({ database, blobs, clock, shrink: async () => false, whenFull: () => () => undefined }),
    shared: sharedStore({ pool, committer: others, locking, changes, blobs }),
    watch: (listener) => changes.listen(listener),

    async lead(duties) {
      const leadership = leadershipOf(duties);
      await leadership.begin();
      return () => leadership.close();
    },

    figures: () => ({ ...figures }),

    // It has no thread of its own.
    forgetStart: () => undefined,

    async check() {
      if (closed !== null) throw new StoreClosed();
      await pool.query("SELECT 1").catch((error: unknown) => {
        throw storeError(error);
      });
    },

    close() {
      nearest?.stop();
      closed ??= close(leave(), [runs, others, locking], changes, pool);
      return closed;
    },
  };
}

/** `last` was asked for already; whatever comes after it is refused. */
async function close(last: Promise<void>, committers: readonly Committer[], changes: Changes, pool: Pool): Promise<void> {
  await Promise.all([last, ...committers.map((committer) => committer.close())]);
  await changes.close();
  await pool.end();
}
