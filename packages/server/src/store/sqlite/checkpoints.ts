import type { DatabaseSync, StatementSync } from "node:sqlite";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { StoreBusy, StoreFull } from "#store/errors";
import { storeError } from "#store/sqlite/failure";
import { BUSY_TIMEOUT_MS, PAGE_BYTES } from "#store/sqlite/pragmas";
import { number } from "#store/sqlite/rows";

// Copying the write-ahead log into the database holds the thread: 3 to 5 ms for 4 MiB here. The writer's connection does it, in a turn of
// the event loop after that of the batch, so that no acknowledgement of the batch waits for it.

const MIB = 1024 * 1024;

export interface CheckpointLimits {
  /**
   * From here on the log is copied, also where operations wait: under steady load some always do. Measured at 64 callers on a quiet disk,
   * slowest hundredth of the acknowledgements and runs per second: at once 6 ms, 39,000; up to 8 MiB 8 ms, 41,000; up to 16 MiB 13 ms, 41,000.
   */
  readonly passiveBytes: number;
  /** From here on some reader keeps the log from starting over: it is made to, as soon as the reader has gone. */
  readonly restartBytes: number;
  /** From here on somebody should know: another program reads the database without end. */
  readonly warnBytes: number;
}

const CHECKPOINT_LIMITS: CheckpointLimits = { passiveBytes: 4 * MIB, restartBytes: 64 * MIB, warnBytes: 256 * MIB };

export class Checkpoints {
  readonly #database: DatabaseSync;
  readonly #log: Pick<Logger, "warn">;
  readonly #limits: CheckpointLimits;
  readonly #measure: StatementSync;
  readonly #passive: StatementSync;
  readonly #restart: StatementSync;
  #scheduled = false;
  #warned = false;

  constructor(database: DatabaseSync, log: Pick<Logger, "warn">, limits = CHECKPOINT_LIMITS) {
    this.#database = database;
    this.#log = log;
    this.#limits = limits;
    this.#measure = database.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#passive = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    this.#restart = database.prepare("PRAGMA wal_checkpoint(RESTART)");
  }

  /** After a batch. `fail` is told an error after which nothing may be written. */
  afterBatch(fail: (error: unknown) => void): void {
    if (this.#scheduled || this.#backlog() < this.#limits.passiveBytes) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      try {
        if (this.#database.isOpen) this.#run();
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Copies everything and empties the log: for a clean stop. */
  finish(): void {
    this.#attempt(this.#passive);
    failpoint("checkpoint.mid");
    this.#attempt(this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
  }

  #run(): void {
    this.#attempt(this.#passive);
    failpoint("checkpoint.mid");
    // What is left belongs to a reader.
    const left = this.#backlog();
    if (left >= this.#limits.restartBytes) this.#restartWithoutWaiting();
    this.#warn(left);
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

  /** A reader in the way or a full disk costs nothing but room: the log keeps what was not copied. */
  #attempt(checkpoint: StatementSync): void {
    try {
      checkpoint.get();
    } catch (thrown) {
      const error = storeError(thrown);
      if (!(error instanceof StoreFull || error instanceof StoreBusy)) throw error;
      this.#log.warn({ err: error }, "the write-ahead log could not be copied into the database");
    }
  }

  /** Bytes of the log in use; 0 where all of it is copied, because the next write starts it over. */
  #backlog(): number {
    const row = this.#measure.get();
    if (row === undefined) return 0;
    const frames = number(row, "log");
    return frames > number(row, "checkpointed") ? frames * PAGE_BYTES : 0;
  }

  #warn(bytes: number): void {
    const isLarge = bytes >= this.#limits.warnBytes;
    if (isLarge && !this.#warned)
      this.#log.warn({ bytes }, "the write-ahead log grows: another program keeps the database open for reading");
    this.#warned = isLarge;
  }
}
