import type { DatabaseSync, StatementSync } from "node:sqlite";
import { failpoint } from "#failpoint";
import { StoreBusy, StoreFailed, StoreFull } from "#store/errors";
import { isFatal, isSqliteError, storeError } from "#store/sqlite/failure";

// The only writer of the database. Invariants, each a test by its number:
// C1. An operation is settled only after the COMMIT that holds it.
// C2. An operation that fails, fails alone.
// C3. A full disk refuses the whole batch, and none of it is there afterwards.
// C4. After an I/O error nothing is written any more, and nothing is retried.
// C5. A lone operation waits for nobody: what is queued when the event loop turns is the batch.
// C6. Operations are settled in the order in which they came.

/** A batch ends after this many operations: beyond it a commit is shared well enough, and the first in line wait for the last. */
export const MAX_BATCH_OPERATIONS = 256;

/** A batch ends after this many bytes of journal: about what the page cache holds, so that nothing is written before the commit. */
export const MAX_BATCH_BYTES = 1024 * 1024;

export interface CommitterEvents {
  /** After the operations of a batch are settled. */
  turned(): void;
  /** So many operations became durable; the disk was waited for so long. */
  committed?(operations: number, ms: number): void;
  /** The disk fails or the database is damaged: the process should end. */
  fatal(error: Error): void;
}

export interface Operation {
  /** Runs inside the transaction, twice where another one of the batch fails: it changes nothing but the database. */
  readonly run: () => unknown;
  /** What it writes, roughly. */
  readonly bytes: number;
  readonly settle: (outcome: Outcome) => void;
}

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

export class Committer {
  readonly #database: DatabaseSync;
  readonly #events: CommitterEvents;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #queue: Operation[] = [];
  #scheduled = false;
  #failure: Error | null = null;

  constructor(database: DatabaseSync, events: CommitterEvents) {
    this.#database = database;
    this.#events = events;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
  }

  /** Why nothing can be written any more, or null: the disk failed, or the database is damaged. */
  get failure(): Error | null {
    return this.#failure;
  }

  get isIdle(): boolean {
    return !this.#scheduled;
  }

  /** Runs the operation in the next transaction. */
  add(operation: Operation): void {
    this.#queue.push(operation);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the polling for input: everything that this turn of the event loop brought shares the commit.
    setImmediate(() => this.#turn());
  }

  /** Refuses what waits and what comes, and says that the process should end. */
  fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#events.fatal(error);
  }

  #turn(): void {
    const batch = this.#take();
    const outcomes = this.#failure ? batch.map(() => ({ error: this.#failure })) : this.#attempt(batch);
    for (const [index, operation] of batch.entries()) operation.settle(outcomes[index] ?? NO_OUTCOME);
    this.#scheduled = this.#queue.length > 0;
    if (this.#scheduled) setImmediate(() => this.#turn());
    this.#events.turned();
  }

  #take(): Operation[] {
    let bytes = 0;
    let count = 0;
    for (const operation of this.#queue) {
      bytes += operation.bytes;
      // An operation that is larger than a batch is a batch.
      if (count === MAX_BATCH_OPERATIONS || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  #attempt(batch: readonly Operation[]): readonly Outcome[] {
    try {
      return this.#together(batch) ?? this.#apart(batch);
    } catch (thrown) {
      const error = this.#undo(storeError(thrown));
      if (isFatal(error)) this.fail(error);
      return batch.map(() => ({ error }));
    }
  }

  /** Takes the batch back. The reason that its operations are told; a worse one where even that fails. */
  #undo(reason: unknown): unknown {
    try {
      this.#rollBack();
      return reason;
    } catch (thrown) {
      return new StoreFailed(thrown);
    }
  }

  /** One transaction for all; null where one of them failed, and then nothing is written. A savepoint each would cost every run 1 to 3 µs. */
  #together(batch: readonly Operation[]): readonly Outcome[] | null {
    this.#begin.run();
    const outcomes: Outcome[] = [];
    for (const operation of batch) {
      const outcome = perform(operation);
      if ("error" in outcome) {
        this.#rollBack();
        return batch.length === 1 ? [outcome] : null;
      }
      outcomes.push(outcome);
    }
    this.#makeDurable(batch.length);
    return outcomes;
  }

  /** Again, each in a savepoint, so that those which fail leave nothing behind. */
  #apart(batch: readonly Operation[]): readonly Outcome[] {
    this.#begin.run();
    const outcomes = batch.map((operation) => {
      this.#database.exec("SAVEPOINT operation");
      const outcome = perform(operation);
      if ("error" in outcome) this.#database.exec("ROLLBACK TO operation");
      this.#database.exec("RELEASE operation");
      return outcome;
    });
    this.#makeDurable(batch.length);
    return outcomes;
  }

  #makeDurable(operations: number): void {
    failpoint("journal.beforeCommit");
    const began = performance.now();
    try {
      this.#commit.run();
      this.#events.committed?.(operations, performance.now() - began);
      failpoint("journal.afterCommit");
    } catch (thrown) {
      const error = storeError(thrown);
      // Whether a commit that failed for any other reason is on the disk is unknown.
      throw error instanceof StoreFull || error instanceof StoreBusy || isFatal(error) ? error : new StoreFailed(thrown);
    }
  }

  #rollBack(): void {
    // SQLite has rolled back by itself after some errors.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }
}

/** Errors of the database that concern the whole batch are thrown; what an operation throws by itself is its own. */
function perform(operation: Operation): Outcome {
  try {
    return { value: operation.run() };
  } catch (thrown) {
    const error = storeError(thrown);
    if (isSqliteError(thrown) && (error instanceof StoreFull || isFatal(error))) throw error;
    return { error };
  }
}

const NO_OUTCOME: Outcome = { error: new Error("an operation has no outcome") };
