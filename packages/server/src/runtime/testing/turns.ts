import { setImmediate } from "node:timers/promises";

/** A clock whose time passes by being spent, and turns of an event loop that are taken one by one. */
export class Turns {
  #mono = 0;
  #due: Array<() => void> = [];

  readonly clock = { mono: () => this.#mono, soon: (wake: () => void) => void this.#due.push(wake) };

  spend(ms: number): void {
    this.#mono += ms;
  }

  /** False: nothing was due. */
  async next(): Promise<boolean> {
    const due = this.#due.splice(0);
    for (const wake of due) wake();
    await setImmediate();
    return due.length > 0;
  }
}
