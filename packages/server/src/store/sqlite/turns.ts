/** Work on the same thing, one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Begins when all that was asked for before, for this name, has settled; whether it succeeded does not matter. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    const settled = turn
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (this.#last.get(name) === settled) this.#last.delete(name);
      });
    this.#last.set(name, settled);
    return turn;
  }
}
