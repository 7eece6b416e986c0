import type { Entry } from "@millrace/engine";
import type { Claim, IdempotencyKey, NewRun, RunStore, RunSummary, Sleep } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

/** What the first append of a run says of it. */
export interface Birth {
  readonly tenantId: string;
  readonly run: NewRun;
  readonly once: IdempotencyKey | undefined;
  readonly webhooks: readonly WebhookTarget[] | undefined;
}

/** What the store is told of the run together with its entries. */
export interface HandOver {
  readonly summary: RunSummary;
  /** The run is to sleep; nothing can be appended after this. */
  readonly sleep: Sleep | null;
}

/**
 * The journal of one run as its driver writes it: entries wait in memory, one append at a time is under way, and whoever must not
 * act before what led to it is durable waits for `flush()`.
 */
export class RunJournal {
  readonly #store: RunStore;
  #claim: Claim | null;
  readonly #birth: Birth | null;
  #waiting: Entry[] = [];
  #flushing: Promise<Sleep | null> | null = null;

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
   * Resolves when everything pushed so far is durable, with the sleep that was handed over with it. `handOver` is asked when the entries are.
   * Rejects with `Fenced`, or with the store's error; entries that were not written stay in line.
   */
  flush(handOver: () => HandOver): Promise<Sleep | null> {
    if (this.#flushing !== null) return this.#flushing.then(() => this.flush(handOver));
    if (this.#waiting.length === 0) return NOTHING;
    const entries = this.#waiting;
    this.#waiting = [];
    const { summary, sleep } = handOver();
    this.#flushing = this.#write(entries, summary, sleep).then(
      (claim) => {
        this.#claim = claim;
        this.#flushing = null;
        return sleep;
      },
      (error: unknown) => {
        this.#waiting = [...entries, ...this.#waiting];
        this.#flushing = null;
        throw error;
      },
    );
    return this.#flushing;
  }

  #write(entries: readonly Entry[], summary: RunSummary, sleep: Sleep | null): Promise<Claim> {
    const claim = this.#claim;
    if (claim) return this.#store.append(claim, entries, summary, sleep ?? undefined).then(() => claim);
    if (!this.#birth) throw new Error("a journal has a claim or a birth");
    const { tenantId, run, once, webhooks } = this.#birth;
    return this.#store.accept(tenantId, run, entries, summary, { once, webhooks, sleep: sleep ?? undefined });
  }
}

const NOTHING = Promise.resolve(null);
