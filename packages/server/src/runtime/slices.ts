import type { Clock } from "#clock";

/** The thread goes to others after this long: what a caller beside it waits for is several turns of the event loop. */
export const SLICE_MS = 0.5;

/** What each group has to do, in its order. */
type Line = Array<() => void>;

/**
 * The thread's time for runs, in slices. Z1. However many runs have much to do, they hold a turn of the event loop for about one slice in all,
 * and not for one each. Z2. What is put off is served by turns, group by group: whoever has a little to do waits for one of another's, not for all.
 * Z3. What a piece sets off without waiting (the way of a request to its socket) is time of the slice, too.
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
    this.#serveNext();
    this.#goOn();
  }

  #goOn(): void {
    if (this.#waiting.size === 0) {
      this.#end = null;
      return;
    }
    afterMicrotasks(() => {
      if (this.isOver()) {
        this.#end = null;
        this.#serveSoon();
      } else {
        this.#serveNext();
        this.#goOn();
      }
    });
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

/** Within the same turn of the event loop: ticks come when no microtask is left. */
function afterMicrotasks(next: () => void): void {
  queueMicrotask(() => process.nextTick(next));
}
