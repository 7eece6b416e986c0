/** Values in a chunk: a change copies one chunk and the list of chunks, however long the sequence is. */
const BITS = 5;
const CHUNK = 1 << BITS;
const WITHIN = CHUNK - 1;

/**
 * A sequence of fixed length, as a value: a change gives another one that shares with it all that is the same. A run of a thousand nodes side
 * by side is changed thousands of times, and as a plain array each of these would copy all of it.
 */
export class Cells<T> {
  readonly chunks: readonly (readonly T[])[];

  constructor(chunks: readonly (readonly T[])[]) {
    this.chunks = chunks;
  }

  static of<T>(values: readonly T[]): Cells<T> {
    if (values.length <= CHUNK) return new Cells([values]);
    const chunks: T[][] = [];
    for (let from = 0; from < values.length; from += CHUNK) chunks.push(values.slice(from, from + CHUNK));
    return new Cells(chunks);
  }

  at(index: number): T | undefined {
    return this.chunks[index >> BITS]?.[index & WITHIN];
  }

  with(index: number, value: T): Cells<T> {
    const chunks = this.chunks.slice();
    const chunk = chunks[index >> BITS]?.slice() ?? [];
    chunk[index & WITHIN] = value;
    chunks[index >> BITS] = chunk;
    return new Cells(chunks);
  }
}

/** Several changes at once; those that follow each other in one chunk copy it once. The cells that they are made from stay as they are. */
export class CellsEdit<T> {
  readonly #chunks: (readonly T[])[];
  /** The chunk that was copied last, and its place. */
  #own: T[] | null = null;
  #ownAt = -1;

  constructor(before: Cells<T>) {
    this.#chunks = before.chunks.slice();
  }

  at(index: number): T | undefined {
    return this.#chunks[index >> BITS]?.[index & WITHIN];
  }

  set(index: number, value: T): void {
    const place = index >> BITS;
    const own = this.#own !== null && place === this.#ownAt ? this.#own : this.#copied(place);
    own[index & WITHIN] = value;
  }

  #copied(place: number): T[] {
    const own = this.#chunks[place]?.slice() ?? [];
    this.#own = own;
    this.#ownAt = place;
    this.#chunks[place] = own;
    return own;
  }

  done(): Cells<T> {
    return new Cells(this.#chunks);
  }
}
