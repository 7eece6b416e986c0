import type { Replies } from "#runtime/restate/words";

interface Due {
  readonly place: number;
  readonly replies: Replies;
  /** Once so many entries of the journal are durable. */
  readonly entries: number;
}

/** Answers to what a run was told: each is given when what came of it is durable. */
export class DueReplies {
  readonly #give: (place: number, replies: Replies) => void;
  #due: Due[] = [];
  /** Entries that are known to be durable. */
  #durable: number;

  constructor(durable: number, give: (place: number, replies: Replies) => void) {
    this.#durable = durable;
    this.#give = give;
  }

  add(due: Due): void {
    this.#due.push(due);
    this.durable(this.#durable);
  }

  /** So many entries are, at least. */
  durable(entries: number): void {
    this.#durable = Math.max(this.#durable, entries);
    for (const { place, replies } of this.#due.filter((one) => one.entries <= this.#durable)) this.#give(place, replies);
    this.#due = this.#due.filter((one) => one.entries > this.#durable);
  }
}
