import { type Entry, JournalMismatch, type RunState } from "@millrace/engine";
import type { Clock } from "#clock";
import type { RunJournal } from "#runtime/attempts/run-journal";
import { summaryOf } from "#runtime/summary";
import type { ApprovalRow } from "#store/approval-store";
import { Fenced, isPassing } from "#store/errors";

/** Wait before another try of a write that the store could not take. */
const STORE_RETRY_MS = 1_000;

export interface HostedJournalParts {
  readonly runId: string;
  /** null: the run has ended, and nothing is to be added. */
  readonly journal: RunJournal | null;
  /** What earlier lives have written. */
  readonly stored: readonly Entry[];
  /** How many of those this life begins with. */
  readonly begunWith: number;
  readonly clock: Clock;
  /** More of the journal is durable. */
  readonly progressed: () => void;
}

/**
 * The run's journal in the store, as one life of the run writes it: for readers, and for what falls due with it. A life derives all entries
 * anew; those that are there already have to be the same, and are left.
 */
export class HostedJournal {
  readonly #parts: HostedJournalParts;
  #pushed: number;
  #whenDurable: (() => void)[] = [];
  #closed = false;

  constructor(parts: HostedJournalParts) {
    this.#parts = parts;
    this.#pushed = parts.begunWith;
  }

  /** Entries that earlier lives have written. */
  get stored(): number {
    return this.#parts.stored.length;
  }

  /** Throws JournalMismatch where an earlier life has written another entry in its place. */
  push(entry: Entry, approvals?: readonly ApprovalRow[]): void {
    const { runId, stored, journal } = this.#parts;
    const known = stored[this.#pushed];
    this.#pushed += 1;
    if (known) {
      if (!isSame(known, entry))
        throw new JournalMismatch(`entry ${this.#pushed - 1} of run ${runId} was ${known.type}, and is ${entry.type}`);
    } else if (journal) journal.push(entry, approvals);
    else throw new JournalMismatch(`run ${runId} goes on after its end`);
  }

  /** Resolves when everything pushed so far is durable. Rejects with `Fenced` when another life has the run, or with the store's error. */
  async flush(stateOf: () => RunState): Promise<void> {
    const due = this.#whenDurable.splice(0);
    while (!(await this.#flushed(stateOf))) await this.#rest();
    for (const tell of due) tell();
  }

  /** Calls back once what was pushed so far is durable, or nobody will ever know. */
  whenDurable(tell: () => void): void {
    this.#whenDurable.push(tell);
  }

  /** This life of the run is over. */
  close(): void {
    this.#closed = true;
    for (const tell of this.#whenDurable.splice(0)) tell();
  }

  /** False: the store takes no writes at the moment. */
  async #flushed(stateOf: () => RunState): Promise<boolean> {
    const { journal, progressed, runId } = this.#parts;
    if (this.#closed) throw new Fenced(runId);
    if (journal === null || journal.isIdle) return true;
    try {
      await journal.flush(() => summaryOf(stateOf()));
      progressed();
      return true;
    } catch (error) {
      if (!isPassing(error)) throw error;
      return false;
    }
  }

  #rest(): Promise<void> {
    const { clock } = this.#parts;
    return new Promise((resolve) => void clock.at(clock.now() + STORE_RETRY_MS, resolve));
  }
}

function isSame(one: Entry, other: Entry): boolean {
  return one.type === other.type && one.at === other.at && pathOf(one) === pathOf(other);
}

function pathOf(entry: Entry): string | null {
  return "path" in entry ? entry.path : null;
}
