/** Takes a stream apart by lengths. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, as they come. Throws where the stream ends before. */
  async *chunks(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) await this.#fill();
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }

  async take(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const chunk of this.chunks(bytes)) parts.push(chunk);
    return Buffer.concat(parts);
  }

  async #fill(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done === true) throw new Error("it ends too early");
    this.#rest = value;
  }
}
