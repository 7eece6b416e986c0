import type { DatabaseSync, StatementSync } from "node:sqlite";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { StoreBusy, StoreFull } from "#store/errors";
import { storeError } from "#store/sqlite/failure";
import { BUSY_TIMEOUT_MS, PAGE_BYTES } from "#store/sqlite/pragmas";
import { number } from "#store/sqlite/rows";

// Copying the WAL into the database holds the writer: 2 to 4 ms a 4 MiB here. It is done by the writer's connection alone, in a turn of the
// event loop after the one of the batch, so that no acknowledgement of that batch waits for it.

const MIB = 1024 * 1024;

/** From here on the WAL is copied when nothing waits. */
export const IDLE_CHECKPOINT_BYTES = 16 * MIB;

/**
 * From here on it is copied although operations wait: under steady load something always does. A larger bound makes rarer but longer
 * stops: at 64 connections the slowest hundredth of the acknowledgements follows it.
 */
export const BUSY_CHECKPOINT_BYTES = 16 * MIB;

/** From here on some reader keeps the WAL from starting over: it is made to, as soon as the reader has gone. */
export const RESTART_BYTES = 64 * MIB;

/** From here on somebody should know: another program reads the database without end. */
export const WARN_BYTES = 256 * MIB;

export class Checkpoints {
  readonly #database: DatabaseSync;
  readonly #log: Pick<Logger, "warn">;
  readonly #measure: StatementSync;
  readonly #passive: StatementSync;
  readonly #restart: StatementSync;
  #scheduled = false;
  #warned = false;

  constructor(database: DatabaseSync, log: Pick<Logger, "warn">) {
    this.#database = database;
    this.#log = log;
    this.#measure = database.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#passive = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    this.#restart = database.prepare("PRAGMA wal_checkpoint(RESTART)");
  }

  /** After a batch. `fail` is told an error after which nothing may be written. */
  afterBatch(waiting: () => boolean, fail: (error: unknown) => void): void {
    if (this.#scheduled || this.#backlog() < IDLE_CHECKPOINT_BYTES) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      try {
        this.#run(waiting());
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Copies everything and empties the WAL. For a stop, after which it has to be open for no one. */
  finish(): void {
    this.#attempt(this.#passive);
    failpoint("checkpoint.mid");
    this.#attempt(this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
  }

  #run(busy: boolean): void {
    if (!this.#database.isOpen) return;
    const backlog = this.#backlog();
    if (backlog < (busy ? BUSY_CHECKPOINT_BYTES : IDLE_CHECKPOINT_BYTES)) return;
    this.#attempt(this.#passive);
    failpoint("checkpoint.mid");
    if (backlog >= RESTART_BYTES) this.#restartWithoutWaiting();
    this.#warn(backlog);
  }

  /** RESTART waits for readers as long as the busy timeout says; the thread has other things to do. */
  #restartWithoutWaiting(): void {
    this.#database.exec("PRAGMA busy_timeout = 0");
    try {
      this.#attempt(this.#restart);
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  /** A reader in the way or a full disk costs nothing but room: the WAL keeps what was not copied. */
  #attempt(checkpoint: StatementSync): void {
    try {
      checkpoint.get();
    } catch (thrown) {
      const error = storeError(thrown);
      if (!(error instanceof StoreFull || error instanceof StoreBusy)) throw error;
      this.#log.warn({ err: error }, "the write-ahead log could not be copied into the database");
    }
  }

  /** Bytes of the WAL in use; 0 where all of it is copied, because the next write starts it over. */
  #backlog(): number {
    const row = this.#measure.get();
    if (row === undefined) return 0;
    const frames = number(row, "log");
    return frames > number(row, "checkpointed") ? frames * PAGE_BYTES : 0;
  }

  #warn(backlog: number): void {
    const isLarge = backlog >= WARN_BYTES;
    if (isLarge && !this.#warned) this.#log.warn({ bytes: backlog }, "the write-ahead log grows: another program keeps the database open for reading");
    this.#warned = isLarge;
  }
}
