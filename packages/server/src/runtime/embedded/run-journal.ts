import type { Entry } from "@millrace/engine";
import type { Claim, NewRun, RunStore, RunSummary } from "#store/store";

/**
 * The journal of one run as its driver writes it: entries wait in memory, one append at a time is under way, and whoever must not
 * act before what led to it is durable waits for `durable()`.
 */
export class RunJournal {
  readonly #store: RunStore;
  #claim: Claim | null;
  readonly #birth: { readonly tenantId: string; readonly run: NewRun } | null;
  #waiting: Entry[] = [];
  #flushing: Promise<void> | null = null;

  private constructor(store: RunStore, claim: Claim | null, birth: { tenantId: string; run: NewRun } | null) {
    this.#store = store;
    this.#claim = claim;
    this.#birth = birth;
  }

  /** Of a run that does not exist yet: its first append accepts it. */
  static ofNew(store: RunStore, tenantId: string, run: NewRun): RunJournal {
    return new RunJournal(store, null, { tenantId, run });
  }

  static ofClaimed(store: RunStore, claim: Claim): RunJournal {
    return new RunJournal(store, claim, null);
  }

  push(entry: Entry): void {
    this.#waiting.push(entry);
  }

  /**
   * Resolves when everything pushed so far is durable. `summary` is read when the entries are handed over.
   * Rejects with `Fenced`, or with the store's error; entries that were not written stay in line.
   */
  flush(summary: () => RunSummary): Promise<void> {
    if (this.#flushing !== null) return this.#flushing.then(() => this.flush(summary));
    if (this.#waiting.length === 0) return NOTHING;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#flushing = this.#write(entries, summary()).then(
      (claim) => {
        this.#claim = claim;
        this.#flushing = null;
      },
      (error: unknown) => {
        this.#waiting = [...entries, ...this.#waiting];
        this.#flushing = null;
        throw error;
      },
    );
    return this.#flushing;
  }

  #write(entries: readonly Entry[], summary: RunSummary): Promise<Claim> {
    const claim = this.#claim;
    if (claim) return this.#store.append(claim, entries, summary).then(() => claim);
    if (!this.#birth) throw new Error("a journal has a claim or a birth");
    return this.#store.accept(this.#birth.tenantId, this.#birth.run, entries, summary);
  }
}

const NOTHING = Promise.resolve();
