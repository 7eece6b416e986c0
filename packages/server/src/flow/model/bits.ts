/** A set of small numbers: unions and tests of thousands of nodes cost next to nothing. */
export class Bits {
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.#words = new Uint32Array(Math.ceil(size / 32));
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
  }

  has(index: number): boolean {
    return ((this.#words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  addAll(other: Bits): void {
    for (const [word, bits] of other.#words.entries()) this.#words[word] = (this.#words[word] ?? 0) | bits;
  }

  keepOnly(other: Bits): void {
    for (const [word, bits] of this.#words.entries()) this.#words[word] = bits & (other.#words[word] ?? 0);
  }

  meets(other: Bits): boolean {
    return this.#words.some((bits, word) => (bits & (other.#words[word] ?? 0)) !== 0);
  }
}
