import { AsyncLocalStorage } from "node:async_hooks";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

const NO_MORE = { done: true, value: undefined } as const;

const inputs = new AsyncLocalStorage<LifeInput>();

/**
 * What the engine tells one life of a run, until that wants to hear no more. The engine itself would stop to tell a run anything once that has
 * said nothing for a while, also where an attempt is under way: a cancel, and a timer beside it, would be heard when the attempt is over. So
 * the engine is patient, and the worker, which knows what a run waits for, closes the input of those that only wait. The engine's library
 * takes that for the engine's own request to leave the memory.
 */
export class LifeInput implements AsyncIterableIterator<Buffer, undefined> {
  readonly #chunks: AsyncIterator<Buffer, undefined>;
  #isClosed = false;
  #endWait = (): void => undefined;

  private constructor(chunks: AsyncIterator<Buffer, undefined>) {
    this.#chunks = chunks;
  }

  /** What the handler does for a request can find the input of that. */
  static ofEach(handler: Handler): Handler {
    return (request, response) => {
      const input = new LifeInput(request[Symbol.asyncIterator]());
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
    if (this.#isClosed) return Promise.resolve(NO_MORE);
    return new Promise((resolve, reject) => {
      this.#endWait = () => resolve(NO_MORE);
      this.#chunks.next().then(resolve, reject);
    });
  }

  /** The life ends where it is, and another one goes on when there is something to hear. */
  close(): void {
    this.#isClosed = true;
    this.#endWait();
    void this.#readOn();
  }

  /** What still comes is in the engine's log. Unread, the request would never be over. */
  async #readOn(): Promise<void> {
    try {
      while (!(await this.#chunks.next()).done);
    } catch {
      // The connection is gone, and the request with it.
    }
  }
}
