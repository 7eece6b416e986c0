import pg, { type Pool, type PoolClient } from "pg";
import { CommitUnknown, StoreClosed, StoreUnreachable } from "#store/errors";
import { isConflict, isTaken, isUnsent, storeError } from "#store/postgres/failure";
import { runSteps } from "#store/postgres/run-steps";
import type { Steps } from "#store/sql/steps";

// Writes in groups, as the thread that writes SQLite does. Invariants, each a test by its number:
// C1. An operation is settled only after the COMMIT that holds it.
// C2. An operation that fails, fails alone.
// C3. Operations of one process run one after the other, in the order in which they came.
// C4. What processes do at once comes out as if one had gone before the other: who is in the way of another begins anew.
// C5. Where the connection breaks at a COMMIT, its operations are settled by what the database says of it; until then others go on. One that
//     was never sent is in no doubt.
// C6. A database that died and came back gives numbers of transactions anew: what it says was committed is believed where it did not die.

/** A group ends after this many operations: beyond it a commit is shared well enough, and the first in line wait for the last. */
const MAX_GROUP_OPERATIONS = 64;

/** How often a group begins anew before its conflict is told. */
const MAX_ATTEMPTS = 20;

/** From this attempt on, a group has its turn: one that was in others' way twice is so no third time. */
const TURN_FROM = 3;

/** How often an operation whose key is taken looks again: the second time it sees by whom. */
const MAX_LOOKS = 2;

/** Waited for before the second attempt, in ms; longer before each that follows. */
const BACK_OFF_MS = 2;

/** Between two questions to a database that is away what became of a transaction, in ms. */
const ASK_AGAIN_MS = 250;

/** SQLSTATE: the number is one that the database has not given yet, though it had before it died. */
const INVALID_VALUE = "22023";

/** Assigned now, so that the transaction can be asked for once its connection is gone. */
const NAME_IT = "SELECT CAST(pg_current_xact_id() AS TEXT) AS xid";

interface Operation {
  /** Made anew for each attempt. */
  readonly steps: () => Steps<unknown>;
  looks: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitterPorts {
  /** So many operations became durable; it took so long. */
  committed(operations: number, ms: number): void;
  /** Since when another connection has stood that answers even now, as of performance.now(): the database has not died since. Infinity: none. */
  witness(): Promise<number>;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** A group whose COMMIT was sent, and whose answer never came. */
class InDoubt {
  readonly transaction: Transaction;
  readonly outcomes: readonly Outcome[];
  readonly reason: string;

  constructor(transaction: Transaction, outcomes: readonly Outcome[], reason: string) {
    this.transaction = transaction;
    this.outcomes = outcomes;
    this.reason = reason;
  }
}

interface Transaction {
  readonly xid: string;
  /** As of performance.now(). */
  readonly began: number;
}

/** What an operation notices of those of other processes: changes of the rows that it changes itself, or also of those that it only read; or none, where it takes a lock itself. */
export type Isolation = "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE";

/** How a group that was in others' way has its turn. Locks on tables: they are taken before anything is read, so that what is read afterwards is as of then. */
export interface Turns {
  /** Tables with rows that groups of every process change: nobody else changes them during the turn. */
  readonly contended?: readonly string[];
  /** A table that nobody writes: every group goes through it, and during the turn no other one does. */
  readonly gate?: string;
}

export class Committer {
  readonly #pool: Pool;
  readonly #ports: CommitterPorts;
  /** Begins a transaction. */
  readonly #begin: string;
  /** The same, of a group that has its turn. */
  readonly #beginTurn: string;
  readonly #queue: Operation[] = [];
  readonly #inDoubt = new Set<Promise<void>>();
  #working: Promise<void> | null = null;
  #closed = false;

  constructor(pool: Pool, isolation: Isolation, ports: CommitterPorts, { contended = [], gate }: Turns = {}) {
    this.#pool = pool;
    this.#ports = ports;
    const begin = (...locks: readonly string[]) => [`BEGIN ISOLATION LEVEL ${isolation}`, ...locks, NAME_IT].join("; ");
    const all = contended.length > 0 ? [`LOCK TABLE ${contended.join(", ")} IN SHARE ROW EXCLUSIVE MODE`] : [];
    this.#begin = gate === undefined ? begin() : begin(`LOCK TABLE ${gate} IN ROW SHARE MODE`);
    this.#beginTurn = gate === undefined ? begin(...all) : begin(`LOCK TABLE ${gate} IN EXCLUSIVE MODE`, ...all);
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
    await Promise.all(this.#inDoubt);
  }

  async #work(): Promise<void> {
    // What this turn of the event loop asks for shares the commit.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, MAX_GROUP_OPERATIONS));
    this.#working = null;
  }

  async #commit(group: readonly Operation[]): Promise<void> {
    const began = performance.now();
    const done = await this.#attempts(group);
    this.#ports.committed(group.length, performance.now() - began);
    if (!(done instanceof InDoubt)) return this.#settleAll(group, done);
    const foundOut = this.#foundOut(done)
      .then((outcomes) => this.#settleAll(group, outcomes))
      .finally(() => this.#inDoubt.delete(foundOut));
    this.#inDoubt.add(foundOut);
  }

  #settleAll(group: readonly Operation[], outcomes: readonly Outcome[]): void {
    for (const [index, operation] of group.entries()) this.#settle(operation, outcomes[index] ?? NO_OUTCOME);
  }

  /** Resolves when the database has said whether it kept the transaction; or when this process is to end before. */
  async #foundOut({ transaction, outcomes, reason }: InDoubt): Promise<readonly Outcome[]> {
    for (;;) {
      const status = await this.#statusOf(transaction);
      if (status === "committed") return outcomes;
      if (status === "aborted") return outcomes.map(() => ({ error: new StoreUnreachable(reason) }));
      if (status === "unknown" || this.#closed) return outcomes.map(() => ({ error: new CommitUnknown(reason) }));
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  async #statusOf({ xid, began }: Transaction): Promise<string> {
    try {
      const { rows } = await this.#pool.query<{ status: string | null }>("SELECT pg_xact_status(CAST($1 AS xid8)) AS status", [xid]);
      const status = rows[0]?.status ?? "unknown";
      return status === "committed" && (await this.#ports.witness()) > began ? "unknown" : status;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === INVALID_VALUE) return "aborted";
      return storeError(error) instanceof StoreUnreachable ? "away" : "unknown";
    }
  }

  #settle(operation: Operation, outcome: Outcome): void {
    operation.looks += 1;
    if (!("error" in outcome)) operation.resolve(outcome.value as never);
    else if (isTaken(outcome.error) && operation.looks < MAX_LOOKS) this.#again(operation);
    else operation.reject(storeError(outcome.error));
  }

  #again(operation: Operation): void {
    this.#queue.unshift(operation);
    this.#working ??= this.#work();
  }

  async #attempts(group: readonly Operation[]): Promise<readonly Outcome[] | InDoubt> {
    // A key that was taken was so by one who was quicker; nobody is, during the turn.
    const first = group.some(({ looks }) => looks > 0) ? TURN_FROM : 1;
    for (let attempt = first; ; attempt++) {
      try {
        return await this.#attempt(group, attempt < TURN_FROM ? this.#begin : this.#beginTurn);
      } catch (error) {
        if (error instanceof InDoubt) return error;
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) return group.map(() => ({ error }));
        await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS * attempt));
      }
    }
  }

  async #attempt(group: readonly Operation[], begin: string): Promise<readonly Outcome[]> {
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
async function alone(client: PoolClient, begin: string, [only, ...others]: readonly Operation[]): Promise<readonly Outcome[] | null> {
  if (!only || others.length > 0) return null;
  const steps = only.steps();
  const first = steps.next();
  if (!first.done && first.value.isAlone) return [await unnamed(() => outcomeOf(runSteps(client, steps, first)))];
  const transaction = await begun(client, begin);
  const outcome = await outcomeOf(runSteps(client, steps, first));
  if (hasFailed(outcome)) await client.query("ROLLBACK");
  else await commit(client, transaction, [outcome]);
  return [outcome];
}

/**
 * One transaction for all; null where one of them failed, and then nothing is written. The beginning is waited for: had it failed, each statement
 * would be a transaction of its own.
 */
async function together(client: PoolClient, begin: string, group: readonly Operation[]): Promise<readonly Outcome[] | null> {
  const transaction = await begun(client, begin);
  const outcomes = await inOrder(client, group);
  if (outcomes.some(hasFailed)) {
    await client.query("ROLLBACK");
    return null;
  }
  await commit(client, transaction, outcomes);
  return outcomes;
}

/** What the operations came to; where one of them failed, those that were begun before that was known fail too, and the others are not begun. */
async function inOrder(client: PoolClient, group: readonly Operation[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < group.length && !outcomes.some(hasFailed)) {
    for (const outcome of askTogether(client, group.slice(outcomes.length))) outcomes.push(await outcome);
  }
  return outcomes;
}

/** Begins operations that need not wait for one another, up to the first that those behind it have to wait for; in one piece. */
function askTogether(client: PoolClient, group: readonly Operation[]): readonly Promise<Outcome>[] {
  const outcomes: Promise<Outcome>[] = [];
  const { stream } = client.connection;
  stream.cork();
  for (const { steps } of group) {
    const { outcome, isLast } = ask(client, steps());
    outcomes.push(outcome);
    if (!isLast) break;
  }
  stream.uncork();
  return outcomes;
}

function ask(client: PoolClient, steps: Steps<unknown>): { readonly outcome: Promise<Outcome>; readonly isLast: boolean } {
  try {
    const first = steps.next();
    return { outcome: outcomeOf(runSteps(client, steps, first)), isLast: !first.done && first.value.isLast === true };
  } catch (error) {
    return { outcome: outcomeOf(Promise.reject(error)), isLast: false };
  }
}

/** Again, each in a savepoint, so that those which fail leave nothing behind. */
async function apart(client: PoolClient, begin: string, group: readonly Operation[]): Promise<readonly Outcome[]> {
  const transaction = await begun(client, begin);
  const outcomes: Outcome[] = [];
  for (const { steps } of group) {
    await client.query("SAVEPOINT operation");
    const outcome = await outcomeOf(runSteps(client, steps()));
    if (hasFailed(outcome)) await client.query("ROLLBACK TO operation");
    await client.query("RELEASE operation");
    outcomes.push(outcome);
  }
  await commit(client, transaction, outcomes);
  return outcomes;
}

/** The transaction, with its name: what the last statement of `begin` answered. */
async function begun(client: PoolClient, begin: string): Promise<Transaction> {
  const began = performance.now();
  const results = (await client.query(begin)) as unknown as readonly { readonly rows: readonly { readonly xid?: string }[] }[];
  return { xid: results.at(-1)?.rows[0]?.xid ?? "", began };
}

async function commit(client: PoolClient, transaction: Transaction, outcomes: readonly Outcome[]): Promise<void> {
  try {
    await client.query("COMMIT");
  } catch (thrown) {
    const error = storeError(thrown);
    throw mayBeDone(thrown, error) ? new InDoubt(transaction, outcomes, error.message) : thrown;
  }
}

/** A statement by itself is its own transaction, whose name nobody knows before it is over: whoever asked for it must ask again. */
async function unnamed(perform: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await perform();
  } catch (thrown) {
    const error = storeError(thrown);
    throw mayBeDone(thrown, error) ? new CommitUnknown(error.message) : thrown;
  }
}

/** The connection broke, and perhaps not before the database had what was asked. `error`: what was thrown, as the store says it. */
function mayBeDone(thrown: unknown, error: unknown): error is StoreUnreachable {
  return error instanceof StoreUnreachable && !isUnsent(thrown);
}

/** Conflicts and a database that is gone concern the whole group and reject; what an operation throws by itself is its own. */
function outcomeOf(value: Promise<unknown>): Promise<Outcome> {
  const outcome = value.then(
    (value) => ({ value }),
    (error: unknown) => {
      if (isConflict(error) || storeError(error) !== error) throw error;
      return { error };
    },
  );
  // Whoever waits for several of them hears of the first.
  outcome.catch(() => undefined);
  return outcome;
}

function hasFailed(outcome: Outcome): boolean {
  return "error" in outcome;
}

const NO_OUTCOME: Outcome = { error: new Error("an operation has no outcome") };
