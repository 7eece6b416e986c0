/** Work that is under way, whose end somebody else may have to wait for. */
export class Pending {
  readonly #works = new Set<Promise<unknown>>();

  async during<T>(begin: () => Promise<T>): Promise<T> {
    const work = begin();
    this.#works.add(work);
    try {
      return await work;
    } finally {
      this.#works.delete(work);
    }
  }

  /** Resolves when what is under way now is over, whatever came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#works]);
  }
}
