import { type Clock, systemClock } from "#clock";
import type { Logger } from "#log";
import { MoveUnfinished } from "#store/errors";
import { unfinishedMove } from "#store/sql/move-statements";
import { openReader, openWriter } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { storeError } from "#store/sqlite/failure";
import { finisher } from "#store/sqlite/finish";
import { type IntegrityCheck, startIntegrityCheck } from "#store/sqlite/integrity";
import { lockDataDir } from "#store/sqlite/lock";
import { Reserve } from "#store/sqlite/reserve";
import { SqliteStore } from "#store/sqlite/sqlite-store";
import { upgrade } from "#store/sqlite/upgrade";
import { refuseDamagedWal } from "#store/sqlite/wal-damage";
import { WriterFigures } from "#store/sqlite/writer/figures";
import { startWriterThread } from "#store/sqlite/writer/start-thread";
import type { Store } from "#store/store";

export interface OpenOptions {
  /** Made where it is missing; readable by its owner alone. */
  readonly dataDir: string;
  /** Names this process: its runs are taken over by others when it is gone. */
  readonly owner: string;
  /** Of this program, noted in the backup that precedes an upgrade of the schema. */
  readonly version?: string;
  readonly clock?: Pick<Clock, "now" | "mono">;
  readonly logger?: Pick<Logger, "info" | "warn" | "error">;
  /** Told once when nothing can be written any more; the process should end with a non-zero status. Default: an uncaught exception does that. */
  readonly onFatal?: (error: Error) => void;
}

/** What runs beside the thread that opens. */
export interface StoreThreads {
  readonly startWriter: typeof startWriterThread;
  readonly startCheck: typeof startIntegrityCheck;
}

const THREADS: StoreThreads = { startWriter: startWriterThread, startCheck: startIntegrityCheck };

/**
 * Opens the data directory for this process alone, brings its schema up to date (after a backup), and checks the database after an
 * unclean stop.
 * Rejects with DataDirInUse, MoveUnfinished, StoreTooNew, NoRoomToMigrate, StoreCorrupt, or an error that names what to change.
 */
export async function openSqliteStore(options: OpenOptions, threads = THREADS): Promise<Store> {
  const dataDir = new DataDir(options.dataDir);
  dataDir.prepare();
  const undo = new Undo();
  try {
    return await openLocked(dataDir, options, threads, undo);
  } catch (error) {
    await undo.all();
    throw storeError(error);
  }
}

async function openLocked(dataDir: DataDir, options: OpenOptions, threads: StoreThreads, undo: Undo): Promise<Store> {
  const log = options.logger ?? SILENT;
  const lock = lockDataDir(dataDir);
  undo.push(() => lock.release());
  const wasClean = dataDir.markRunning();
  // What fails from here on has changed nothing, or is found again by the next start.
  if (wasClean) undo.push(() => dataDir.markStopped());
  if (!wasClean) refuseDamagedWal(dataDir.wal, dataDir.walIndex);
  // Opens and migrates here, where an error is plain; then the thread that writes takes over, before this connection goes.
  const first = openWriter(dataDir.database);
  undo.push(() => first.close());
  const check = wasClean ? null : threads.startCheck(dataDir.database, log);
  undo.push(() => check?.stop());
  const isChecked = (await check?.withinBudget) ?? true;
  const clock = options.clock ?? systemClock;
  await upgrade({ dataDir, database: first, version: options.version ?? "", now: clock.now(), log });
  const origin = finisher(first)(unfinishedMove());
  if (origin !== null) throw new MoveUnfinished(origin);
  const reader = openReader(dataDir.database);
  undo.push(() => reader.close());
  const figures = new WriterFigures();
  const reserve = new Reserve(dataDir.reserve);
  const thread = threads.startWriter(dataDir.database, figures, reserve.logBytes);
  undo.push(() => thread.stop());
  const store = new SqliteStore({
    channel: thread.channel,
    reader,
    blobs: dataDir.blobs,
    reserve,
    figures,
    clock,
    log,
    onFatal: options.onFatal ?? throwUncaught,
    release: async (clean) => {
      await check?.stop();
      await thread.stop();
      if (clean) dataDir.markStopped();
      lock.release();
    },
  });
  thread.onLost((error) => store.writerLost(error));
  await store.begin(options.owner);
  first.close();
  if (check && !isChecked) goOnChecking(check, store);
  return store;
}

/** Damage that is found late stops the writing. */
function goOnChecking(check: IntegrityCheck, store: SqliteStore): void {
  check.done.catch((error: unknown) => store.fail(error));
}

function throwUncaught(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

const SILENT: Pick<Logger, "info" | "warn" | "error"> = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What was opened so far, to be closed in reverse where a later step fails. */
class Undo {
  readonly #steps: (() => unknown)[] = [];

  push(step: () => unknown): void {
    this.#steps.push(step);
  }

  async all(): Promise<void> {
    for (const step of this.#steps.toReversed()) await step();
  }
}
