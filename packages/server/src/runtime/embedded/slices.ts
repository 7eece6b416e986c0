import type { Clock } from "#clock";

/** The thread goes to others after this long: what a caller beside it waits for is several turns of the event loop. */
export const SLICE_MS = 2;

/** What each group has to do, in its order. */
type Line = Array<() => void>;

/**
 * The thread's time for runs, in slices. Z1. However many runs have much to do, they hold a turn of the event loop for about one slice in all,
 * and not for one each. Z2. What is put off is served by turns, group by group: whoever has a little to do waits for one of another's, not for all.
 */
export class Slices {
  readonly #clock: Pick<Clock, "mono" | "soon">;
  /** The group that is served next comes first. */
  readonly #waiting = new Map<string, Line>();
  /** End of the slice of this turn; null: nobody has begun one. */
  #end: number | null = null;
  #isDue = false;

  constructor(clock: Pick<Clock, "mono" | "soon">) {
    this.#clock = clock;
  }

  /** Has this turn's slice, which begins with the first who asks, come to its end? Whoever asks has done a piece of its work before. */
  isOver(): boolean {
    const now = this.#clock.mono();
    if (this.#end !== null) return now > this.#end;
    this.#end = now + SLICE_MS;
    // Whatever comes in the next turn has a slice of its own.
    this.#serveSoon();
    return false;
  }

  /** Calls back in a later turn. */
  putOff(group: string, work: () => void): void {
    const line = this.#waiting.get(group) ?? [];
    line.push(work);
    this.#waiting.set(group, line);
    this.#serveSoon();
  }

  #serveSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.soon(() => this.#serve());
  }

  #serve(): void {
    this.#isDue = false;
    this.#end = this.#clock.mono() + SLICE_MS;
    do this.#serveNext();
    while (this.#waiting.size > 0 && !this.isOver());
    this.#end = null;
    if (this.#waiting.size > 0) this.#serveSoon();
  }

  #serveNext(): void {
    const [next] = this.#waiting;
    if (!next) return;
    const [group, line] = next;
    const work = line.shift();
    // To the end of the groups, where it has more.
    this.#waiting.delete(group);
    if (line.length > 0) this.#waiting.set(group, line);
    work?.();
  }
}
