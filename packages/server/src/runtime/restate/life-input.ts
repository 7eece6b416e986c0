import { AsyncLocalStorage } from "node:async_hooks";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Pieces that wait; then the engine waits. */
const MOST_UNHEARD = 16;

const NO_MORE = { done: true, value: undefined } as const;

const inputs = new AsyncLocalStorage<LifeInput>();

/**
 * What the engine tells one life of a run, until that wants to hear no more. The engine itself would stop to tell a run anything once that has
 * said nothing for a while, also where an attempt is under way: a cancel, and a timer beside it, would be heard when the attempt is over. So
 * the engine is patient, and the worker, which knows what a run waits for, closes the input of those that only wait. The engine's library
 * takes that for the engine's own request to leave the memory.
 */
export class LifeInput implements AsyncIterableIterator<Buffer, undefined> {
  readonly #request: Http2ServerRequest;
  readonly #pieces: Buffer[] = [];
  /** Of whoever has heard all that there is. */
  #listener: PromiseWithResolvers<IteratorResult<Buffer, undefined>> | null = null;
  #isOver = false;
  /** The connection broke. */
  #failure: Error | null = null;

  private constructor(request: Http2ServerRequest) {
    this.#request = request;
    request.on("data", (piece: Buffer) => this.#add(piece));
    request.once("end", () => this.close());
    // A request that was aborted has an end all the same, after that.
    for (const broken of ["aborted", "error", "close"]) request.once(broken, () => this.#fail());
  }

  /** What the handler does for a request can find the input of that. */
  static ofEach(handler: Handler): Handler {
    return (request, response) => {
      const input = new LifeInput(request);
      Object.defineProperty(request, Symbol.asyncIterator, { value: () => input });
      inputs.run(input, handler, request, response);
    };
  }

  /** Of the life that asks. */
  static get current(): LifeInput {
    const input = inputs.getStore();
    if (!input) throw new Error("only a life of a run has an input");
    return input;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Buffer, undefined>> {
    const value = this.#pieces.shift();
    if (value !== undefined) {
      if (this.#pieces.length === 0) this.#request.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#isOver) return Promise.resolve(NO_MORE);
    this.#listener = Promise.withResolvers();
    return this.#listener.promise;
  }

  /** The life ends where it is, and another one goes on when there is something to hear. */
  close(): void {
    this.#isOver = true;
    this.#answer()?.resolve(NO_MORE);
    // What still comes is in the engine's log. Unread, the request would never be over.
    this.#request.resume();
  }

  #add(value: Buffer): void {
    if (this.#isOver) return;
    const listener = this.#answer();
    if (listener) listener.resolve({ done: false, value });
    else if (this.#pieces.push(value) === MOST_UNHEARD) this.#request.pause();
  }

  #fail(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = new Error("the connection of the engine broke");
    this.#answer()?.reject(this.#failure);
  }

  #answer() {
    const listener = this.#listener;
    this.#listener = null;
    return listener;
  }
}
