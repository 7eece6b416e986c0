import type { Entry } from "@millrace/engine";
import { Deed } from "#deed";
import type { DrivenRuns } from "#runtime/driven-runs";
import type { ApprovalRow } from "#store/approval-store";
import type { Claim, IdempotencyKey, NewRun, RunSummary, Sleep } from "#store/store";
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
 * act before what led to it is durable waits for `flush()`.
 */
export class RunJournal {
  readonly #store: DrivenRuns;
  #claim: Claim | null;
  readonly #birth: Birth | null;
  #waiting: Entry[] = [];
  /** What somebody asked for with the entries that wait: an append that is under way may put them into another's hands. */
  #deeds: readonly Deed[] = NONE;
  /** What the entries that wait make of the run's questions. */
  #approvals: readonly ApprovalRow[] = NONE;
  /** Entries that were pushed, and those of them that are durable. */
  #pushed = 0;
  #durable = 0;
  #flushing: Promise<void> | null = null;

  private constructor(store: DrivenRuns, claim: Claim | null, birth: Birth | null) {
    this.#store = store;
    this.#claim = claim;
    this.#birth = birth;
  }

  /** Of a run that does not exist yet: its first append accepts it. */
  static ofNew(store: DrivenRuns, birth: Birth): RunJournal {
    return new RunJournal(store, null, birth);
  }

  static ofClaimed(store: DrivenRuns, claim: Claim): RunJournal {
    return new RunJournal(store, claim, null);
  }

  push(entry: Entry, approvals: readonly ApprovalRow[] = NONE): void {
    this.#waiting.push(entry);
    this.#deeds = joined(this.#deeds, Deed.underWay());
    this.#pushed += 1;
    if (approvals.length > 0) this.#approvals = [...this.#approvals, ...approvals];
  }

  /**
   * Resolves when everything pushed so far is durable. `summary` is read when the entries are handed over.
   * Rejects with `Fenced`, or with the store's error; entries that were not written stay in line.
   */
  flush(summary: () => RunSummary): Promise<void> {
    return this.#flushUpTo(this.#pushed, summary);
  }

  /** What is pushed meanwhile goes along; whether it becomes durable is another's concern. */
  #flushUpTo(end: number, summary: () => RunSummary): Promise<void> {
    if (this.#durable >= end) return NOTHING;
    if (this.#flushing !== null) return this.#flushing.then(() => this.#flushUpTo(end, summary));
    const entries = this.#waiting;
    const approvals = this.#approvals;
    const deeds = this.#deeds;
    this.#waiting = [];
    this.#approvals = NONE;
    this.#deeds = NONE;
    const write = (): Promise<Claim> => this.#write(entries, summary(), approvals);
    this.#flushing = (deeds.length > 0 ? Deed.carryOutAll(deeds, write) : write()).then(
      (claim) => {
        this.#claim = claim;
        this.#flushing = null;
        this.#durable += entries.length;
      },
      (error: unknown) => {
        this.#waiting = [...entries, ...this.#waiting];
        this.#approvals = [...approvals, ...this.#approvals];
        this.#deeds = joined(deeds, this.#deeds);
        this.#flushing = null;
        throw error;
      },
    );
    return this.#flushing;
  }

  /** Puts the run to sleep, where everything is durable: nothing can be appended after this. */
  sleep(sleep: Sleep): Promise<void> {
    if (!this.#claim || this.#durable < this.#pushed)
      return Promise.reject(new Error("a run falls asleep when nothing waits to be written"));
    return this.#store.sleep(this.#claim, sleep);
  }

  get isIdle(): boolean {
    return this.#durable === this.#pushed;
  }

  #write(entries: readonly Entry[], summary: RunSummary, approvals: readonly ApprovalRow[]): Promise<Claim> {
    const claim = this.#claim;
    if (claim) return this.#store.append(claim, entries, summary, approvals).then(() => claim);
    if (!this.#birth) throw new Error("a journal has a claim or a birth");
    const { tenantId, run, once, webhooks } = this.#birth;
    return this.#store.accept(tenantId, run, entries, summary, { once, webhooks, approvals });
  }
}

const NOTHING = Promise.resolve();
const NONE: readonly never[] = [];

/** In the order in which they were asked. */
function joined(deeds: readonly Deed[], more: readonly Deed[]): readonly Deed[] {
  return more.every((deed) => deeds.includes(deed)) ? deeds : [...deeds, ...more.filter((deed) => !deeds.includes(deed))];
}
