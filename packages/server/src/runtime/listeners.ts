/**
 * Who listens to what, by its name. Node's emitter keeps names as an object's members: it would look up the id of every run in the table of all
 * words that the program has, for nobody in most cases.
 */
export class Listeners<Told extends readonly unknown[]> {
  /** Never changed in place: whoever comes or goes while something is told changes nothing of that. */
  readonly #byName = new Map<string, readonly Listener<Told>[]>();

  /** Returns the way to stop. */
  on(name: string, listener: (...told: Told) => void): () => void {
    const one = { tell: listener };
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), one]);
    return () => this.#off(name, one);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  tell(name: string, ...told: Told): void {
    const listeners = this.#byName.get(name);
    if (listeners) for (const listener of listeners) listener.tell(...told);
  }

  #off(name: string, one: Listener<Told>): void {
    const left = this.#byName.get(name)?.filter((other) => other !== one) ?? [];
    if (left.length > 0) this.#byName.set(name, left);
    else this.#byName.delete(name);
  }
}

/** Of its own for each time that somebody begins to listen, though it be the same function. */
interface Listener<Told extends readonly unknown[]> {
  tell(...told: Told): void;
}
