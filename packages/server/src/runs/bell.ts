import type { Clock } from "#clock";

/** Rung by many, heard by one. A ring while nobody listens is heard by whoever listens next; several are one. */
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  readonly ring = (): void => {
    this.#rung = true;
    this.#wake?.();
  };

  /** True as soon as it was rung; false where nobody rang for so long. */
  async heard(clock: Clock, waitMs: number): Promise<boolean> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const stop = clock.at(clock.now() + waitMs, resolve);
      await promise;
      stop();
      this.#wake = null;
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
