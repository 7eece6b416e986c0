import type { Stage } from "#runtime/attempts/lost-attempts";

/** A life of a suspected run. */
export interface Suspected {
  readonly runId: string;
  readonly stage: Stage;
  /** It is its turn. */
  begin(): void;
}

/** Suspects of one process that wait for each other: those with the fewest deaths first, then the oldest, and the more deaths, the fewer at once. */
export class SuspectLine {
  #waiting: readonly Suspected[] = [];
  readonly #underWay = new Set<Suspected>();

  enter(suspected: Suspected): void {
    this.#waiting = [...this.#waiting, suspected].sort(inTurn);
    this.#serve();
  }

  /** It has come further, no longer holds up the others, or waits no more. */
  leave(suspected: Suspected): void {
    this.#underWay.delete(suspected);
    this.#waiting = this.#waiting.filter((one) => one !== suspected);
    this.#serve();
  }

  #serve(): void {
    for (;;) {
      const [next, ...others] = this.#waiting;
      if (!next || this.#underWay.size >= this.#atOnce(next)) return;
      this.#waiting = others;
      this.#underWay.add(next);
      next.begin();
    }
  }

  /** Beside one that is to have few others beside it, there are few. */
  #atOnce(next: Suspected): number {
    return Math.min(...[next, ...this.#underWay].map(({ stage }) => stage.atOnce));
  }
}

function inTurn(one: Suspected, other: Suspected): number {
  return one.stage.deaths - other.stage.deaths || (one.runId < other.runId ? -1 : 1);
}
