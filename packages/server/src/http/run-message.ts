import type { Socket } from "node:net";

// As in server.ts: an import would read all that the module exports.
const { IncomingMessage } = process.getBuiltinModule("node:http");

/** Hears of each piece of a body, then null. False: it wants no more. */
export type BodyReader = (piece: Buffer | null) => boolean;

/**
 * A request whose body can be taken from the parser as it comes. What is not taken so is a stream as in Node's own, which goes through the
 * queue of ticks four times a request: for a body of one piece that costs more than to parse its JSON.
 */
export class RunMessage extends IncomingMessage {
  #reader: BodyReader | null;

  constructor(socket: Socket) {
    super(socket);
    this.#reader = null;
  }

  /** What has come already is heard of at once. After the reader has had enough, the rest is the stream's. */
  gather(reader: BodyReader): void {
    this.#reader = reader;
    // Also where nothing is there yet: it says that somebody reads.
    const held = this.read() as Buffer | null;
    if (held !== null) this.#hear(held);
    if (this.complete) this.#hear(null);
  }

  override push(piece: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.#reader === null) return super.push(piece, encoding);
    this.#hear(piece);
    return true;
  }

  #hear(piece: Buffer | null): void {
    const reader = this.#reader;
    if (reader !== null && !reader(piece)) this.#reader = null;
  }
}
