import type { Pool, PoolClient } from "pg";
import { CommitUnknown, StoreClosed, StoreUnreachable } from "#store/errors";
import { isConflict, isTaken, storeError } from "#store/postgres/failure";
import { type Begun, runSteps } from "#store/postgres/run-steps";
import type { Steps } from "#store/sql/steps";

// Writes in groups, as the thread that writes SQLite does. Invariants, each a test by its number:
// C1. An operation is settled only after the COMMIT that holds it.
// C2. An operation that fails, fails alone.
// C3. Operations of one process run one after the other, in the order in which they came.
// C4. What processes do at once comes out as if one had gone before the other: who is in the way of another begins anew.

/** A group ends after this many operations: beyond it a commit is shared well enough, and the first in line wait for the last. */
const MAX_GROUP_OPERATIONS = 64;

/** How often a group begins anew before its conflict is told. */
const MAX_ATTEMPTS = 20;

/** From this attempt on, the tables that processes contend for are locked: a group that was in others' way twice is so no third time. */
const LOCKS_FROM = 3;

/** How often an operation whose key is taken looks again: the second time it sees by whom. */
const MAX_LOOKS = 2;

/** Waited for before the second attempt, in ms; longer before each that follows. */
const BACK_OFF_MS = 2;

interface Operation {
  /** Made anew for each attempt. */
  readonly steps: () => Steps<unknown>;
  looks: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitterEvents {
  /** So many operations became durable; it took so long. */
  committed(operations: number, ms: number): void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** What an operation notices of those of other processes: changes of the rows that it changes itself, or also of those that it only read; or none, where it takes a lock itself. */
export type Isolation = "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE";

export class Committer {
  readonly #pool: Pool;
  readonly #begin: string;
  readonly #events: CommitterEvents;
  readonly #lock: string | null;
  readonly #queue: Operation[] = [];
  #working: Promise<void> | null = null;
  #closed = false;

  /** `contended`: tables with rows that groups of every process change. */
  constructor(pool: Pool, isolation: Isolation, events: CommitterEvents, contended: readonly string[] = []) {
    this.#pool = pool;
    // Nothing is read before it, so that what is read afterwards is as of then.
    this.#lock = contended.length > 0 ? `LOCK TABLE ${contended.join(", ")} IN SHARE ROW EXCLUSIVE MODE` : null;
    this.#begin = `BEGIN ISOLATION LEVEL ${isolation}`;
    this.#events = events;
  }

  /** Resolves with what the steps come to once what they wrote is durable. */
  write<T>(steps: () => Steps<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreClosed());
    return new Promise((resolve, reject) => {
      this.#queue.push({ steps, looks: 0, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when all that was asked for is settled; refuses what comes from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    // What this turn of the event loop asks for shares the commit.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, MAX_GROUP_OPERATIONS));
    this.#working = null;
  }

  async #commit(group: readonly Operation[]): Promise<void> {
    const began = performance.now();
    const outcomes = await this.#attempts(group);
    this.#events.committed(group.length, performance.now() - began);
    for (const [index, operation] of group.entries()) this.#settle(operation, outcomes[index] ?? NO_OUTCOME);
  }

  #settle(operation: Operation, outcome: Outcome): void {
    operation.looks += 1;
    if (!("error" in outcome)) operation.resolve(outcome.value as never);
    else if (isTaken(outcome.error) && operation.looks < MAX_LOOKS) this.#queue.unshift(operation);
    else operation.reject(storeError(outcome.error));
  }

  async #attempts(group: readonly Operation[]): Promise<readonly Outcome[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(group, attempt < LOCKS_FROM ? null : this.#lock);
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) return group.map(() => ({ error }));
        await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS * attempt));
      }
    }
  }

  async #attempt(group: readonly Operation[], lock: string | null): Promise<readonly Outcome[]> {
    const begin = lock === null ? this.#begin : `${this.#begin}; ${lock}`;
    const client = await this.#pool.connect();
    let isUsable = false;
    try {
      const outcomes = (await alone(client, begin, group)) ?? (await together(client, begin, group)) ?? (await apart(client, begin, group));
      isUsable = true;
      return outcomes;
    } finally {
      // A connection whose transaction may stand open is of no use to anyone.
      client.release(!isUsable);
    }
  }
}

/** One operation, without the way there and back for a transaction where it is a single statement; null: there are several. */
async function alone(client: PoolClient, begin: string, group: readonly Operation[]): Promise<readonly Outcome[] | null> {
  const [only] = group;
  if (!only || group.length > 1) return null;
  const steps = only.steps();
  const begun = steps.next();
  if (!begun.done && begun.value.isAlone) return [await committing(() => perform(client, steps, begun))];
  await client.query(begin);
  const outcome = await perform(client, steps, begun);
  if ("error" in outcome) await client.query("ROLLBACK");
  else await committing(() => client.query("COMMIT"));
  return [outcome];
}

/** One transaction for all; null where one of them failed, and then nothing is written. */
async function together(client: PoolClient, begin: string, group: readonly Operation[]): Promise<readonly Outcome[] | null> {
  await client.query(begin);
  const outcomes: Outcome[] = [];
  for (const { steps } of group) {
    const outcome = await perform(client, steps());
    outcomes.push(outcome);
    if (!("error" in outcome)) continue;
    await client.query("ROLLBACK");
    return null;
  }
  await committing(() => client.query("COMMIT"));
  return outcomes;
}

/** Again, each in a savepoint, so that those which fail leave nothing behind. */
async function apart(client: PoolClient, begin: string, group: readonly Operation[]): Promise<readonly Outcome[]> {
  await client.query(begin);
  const outcomes: Outcome[] = [];
  for (const { steps } of group) {
    await client.query("SAVEPOINT operation");
    const outcome = await perform(client, steps());
    if ("error" in outcome) await client.query("ROLLBACK TO operation");
    await client.query("RELEASE operation");
    outcomes.push(outcome);
  }
  await committing(() => client.query("COMMIT"));
  return outcomes;
}

async function committing<T>(commit: () => Promise<T>): Promise<T> {
  try {
    return await commit();
  } catch (thrown) {
    const error = storeError(thrown);
    throw error instanceof StoreUnreachable ? new CommitUnknown(error.message) : thrown;
  }
}

/** Conflicts and a database that is gone concern the whole group and are thrown; what an operation throws by itself is its own. */
async function perform(client: PoolClient, steps: Steps<unknown>, begun?: Begun<unknown>): Promise<Outcome> {
  try {
    return { value: await runSteps(client, steps, begun) };
  } catch (error) {
    if (isConflict(error) || storeError(error) !== error) throw error;
    return { error };
  }
}

const NO_OUTCOME: Outcome = { error: new Error("an operation has no outcome") };
