import type { Entry } from "@millrace/engine";
import type { Claim, IdempotencyKey, NewRun, RunStore, RunSummary } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

/** What the first append of a run says of it. */
export interface Birth {
  readonly tenantId: string;
  readonly run: NewRun;
  readonly once: IdempotencyKey | undefined;
  readonly webhooks: readonly WebhookTarget[] | undefined;
}

/**
 * The journal of one run as its driver writes it: entries wait in memory, one append at a time is under way, and whoever must not
 * act before what led to it is durable waits for `durable()`.
 */
export class RunJournal {
  readonly #store: RunStore;
  #claim: Claim | null;
  readonly #birth: Birth | null;
  #waiting: Entry[] = [];
  #flushing: Promise<void> | null = null;

  private constructor(store: RunStore, claim: Claim | null, birth: Birth | null) {
    this.#store = store;
    this.#claim = claim;
    this.#birth = birth;
  }

  /** Of a run that does not exist yet: its first append accepts it. */
  static ofNew(store: RunStore, birth: Birth): RunJournal {
    return new RunJournal(store, null, birth);
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
    const { tenantId, run, once, webhooks } = this.#birth;
    return this.#store.accept(tenantId, run, entries, summary, once, webhooks);
  }
}

const NOTHING = Promise.resolve();
