import type { DatabaseSync, StatementSync } from "node:sqlite";
import { failpoint } from "#failpoint";
import { StoreBusy, StoreFull } from "#store/errors";
import { number } from "#store/sql/rows";
import { isFatal, storeError } from "#store/sqlite/failure";
import { BUSY_TIMEOUT_MS, PAGE_BYTES } from "#store/sqlite/pragmas";
import type { LogCopier } from "#store/sqlite/writer/log-copier";

// The write-ahead log is copied into the database when it has grown, and starts over when nothing of it is left to copy. Under load it
// grows while it is copied: the copier takes most of it, beside the writing, and the writer's own connection the rest, which is little.

const MIB = 1024 * 1024;

export interface CheckpointEvents {
  /** Something that somebody should know. */
  warn(fields: { readonly [name: string]: unknown }, message: string): void;
  /** After this nothing may be written. */
  failed(error: unknown): void;
  /** Bytes of the log that are not copied yet. */
  measured?(bytes: number): void;
  /** The log was copied; it took so long. */
  copied?(ms: number): void;
}

export interface CheckpointLimits {
  /** From here on the log is copied. Less costs more flushes of the disk, more costs room and a longer start after a crash. */
  readonly passiveBytes: number;
  /** From here on some reader keeps the log from starting over: it is made to, as soon as the reader has gone. */
  readonly restartBytes: number;
  /** From here on somebody should know: another program reads the database without end. */
  readonly warnBytes: number;
}

export const CHECKPOINT_LIMITS: CheckpointLimits = { passiveBytes: 16 * MIB, restartBytes: 64 * MIB, warnBytes: 256 * MIB };

export class Checkpoints {
  readonly #database: DatabaseSync;
  readonly #copier: LogCopier | null;
  readonly #events: CheckpointEvents;
  readonly #limits: CheckpointLimits;
  readonly #measure: StatementSync;
  readonly #passive: StatementSync;
  readonly #restart: StatementSync;
  readonly #truncate: StatementSync;
  #underWay = false;
  #stopped = false;
  #warned = false;

  constructor(database: DatabaseSync, copier: LogCopier | null, events: CheckpointEvents, limits = CHECKPOINT_LIMITS) {
    this.#database = database;
    this.#copier = copier;
    this.#events = events;
    this.#limits = limits;
    this.#measure = database.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#passive = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    this.#restart = database.prepare("PRAGMA wal_checkpoint(RESTART)");
    this.#truncate = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  afterBatch(): void {
    if (this.#underWay) return;
    const bytes = this.#backlog();
    this.#events.measured?.(bytes);
    if (bytes < this.#limits.passiveBytes) return;
    this.#underWay = true;
    // Not in the turn of the batch: no acknowledgement waits for it.
    setImmediate(() => void this.#copy());
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#copier?.stop();
  }

  /** Gives the room of the log back, as far as no reader needs it: for a disk that is full. */
  empty(): void {
    try {
      this.#withoutWaiting(this.#truncate);
    } catch (error) {
      this.#events.failed(error);
    }
  }

  /** Copies everything and empties the log: for a clean stop. */
  finish(): void {
    try {
      this.#attempt(this.#passive);
      failpoint("checkpoint.mid");
      this.#attempt(this.#truncate);
    } catch (error) {
      this.#events.failed(error);
    }
  }

  async #copy(): Promise<void> {
    const began = performance.now();
    try {
      if (this.#isOpen) await this.#copier?.copy().catch((error: unknown) => this.#copierFailed(error));
      if (this.#isOpen) this.#run();
      this.#events.copied?.(performance.now() - began);
    } catch (error) {
      this.#events.failed(error);
    }
    this.#underWay = false;
  }

  get #isOpen(): boolean {
    return !this.#stopped && this.#database.isOpen;
  }

  /** Without its help the writer copies everything itself; what the disk or the database is to blame for ends the writing. */
  #copierFailed(error: unknown): void {
    if (isFatal(error)) throw error;
    this.#events.warn({ reason: String(error) }, "the write-ahead log could not be copied beside the writing");
  }

  #run(): void {
    this.#attempt(this.#passive);
    failpoint("checkpoint.mid");
    // What is left belongs to a reader.
    const left = this.#backlog();
    if (left >= this.#limits.restartBytes) this.#withoutWaiting(this.#restart);
    this.#warn(left);
  }

  /** RESTART and TRUNCATE wait for readers as long as the busy timeout says; the thread has other things to do. */
  #withoutWaiting(checkpoint: StatementSync): void {
    this.#database.exec("PRAGMA busy_timeout = 0");
    try {
      this.#attempt(checkpoint);
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  #attempt(checkpoint: StatementSync): void {
    try {
      checkpoint.get();
    } catch (thrown) {
      this.#tolerate(storeError(thrown));
    }
  }

  /** A reader in the way or a full disk costs nothing but room: the log keeps what was not copied. */
  #tolerate(error: unknown): void {
    if (!(error instanceof StoreFull || error instanceof StoreBusy)) throw error;
    this.#events.warn({ reason: error.message }, "the write-ahead log could not be copied into the database");
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
      this.#events.warn({ bytes }, "the write-ahead log grows: another program keeps the database open for reading");
    this.#warned = isLarge;
  }
}
