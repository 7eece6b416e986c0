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

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#flushing === null;
  }

  /**
   * Resolves when everything pushed so far is durable. `summary` is read when the entries are handed over.
   * Rejects with `Fenced`, or with the store's error; entries that were not written stay in line.
   */
  async flush(summary: () => RunSummary): Promise<void> {
    while (this.#flushing !== null) await this.#flushing;
    if (this.#waiting.length === 0) return;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#flushing = this.#write(entries, summary()).finally(() => {
      this.#flushing = null;
    });
    try {
      await this.#flushing;
    } catch (error) {
      this.#waiting = [...entries, ...this.#waiting];
      throw error;
    }
  }

  async #write(entries: readonly Entry[], summary: RunSummary): Promise<void> {
    if (this.#claim) return this.#store.append(this.#claim, entries, summary);
    if (!this.#birth) throw new Error("a journal has a claim or a birth");
    this.#claim = await this.#store.accept(this.#birth.tenantId, this.#birth.run, entries, summary);
  }
}
