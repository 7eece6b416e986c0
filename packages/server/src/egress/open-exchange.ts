import type { Dispatcher, Pool } from "undici";
import type { WireAnswer, WireRequest } from "#egress/exchange";
import { requestFailure, tooLarge } from "#egress/failure";
import { MAX_UNREAD_BYTES } from "#egress/limits";

/** The head of an answer, and its body as it comes. */
export interface WireStream extends Omit<WireAnswer, "body"> {
  readonly body: ByteStream;
}

/** Read once, by one reader. Rejects with the errors of a request, after what came before them; `return` destroys the socket, begun or not. */
export interface ByteStream extends AsyncIterableIterator<Uint8Array, undefined> {
  return(): Promise<IteratorReturnResult<undefined>>;
  /** Resolves when nothing more comes: all has come, or it broke, or nobody wants it. */
  readonly ended: Promise<void>;
}

/** How an answer is read while it comes. */
export interface StreamReading {
  readonly maxBytes: number;
  /** Around each wait for the other side: its silence is bounded, our own slowness is not its fault. */
  readonly whileSilent: <T>(wait: Promise<T>) => Promise<T>;
}

/** Sends one request on a pooled socket; resolves with the head. An abort destroys the socket at once, also later. */
export function openExchange(pool: Pool, request: WireRequest, reading: StreamReading, signal: AbortSignal): Promise<WireStream> {
  signal.throwIfAborted();
  const opened = new OpenAnswer(reading, signal);
  pool.dispatch({ ...request, body: request.body ?? null }, opened);
  return reading.whileSilent(opened.head);
}

class OpenAnswer implements Dispatcher.DispatchHandler, ByteStream {
  readonly #reading: StreamReading;
  readonly #signal: AbortSignal;
  readonly #head = Promise.withResolvers<WireStream>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #onAbort = () => this.#abort(this.#signal.reason);
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #bytes = 0;
  #end: { readonly error: unknown } | "complete" | null = null;
  #wake: (() => void) | null = null;
  #controller: Dispatcher.DispatchController | null = null;

  constructor(reading: StreamReading, signal: AbortSignal) {
    this.#reading = reading;
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  get head(): Promise<WireStream> {
    return this.#head.promise;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown and not aborted: the socket is fresh, and the next request can have it.
    this.#signal.throwIfAborted();
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: WireAnswer["headers"]): void {
    // An informational answer comes before the one that is meant.
    if (status >= 200) this.#head.resolve({ status, headers, body: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const { maxBytes } = this.#reading;
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) throw tooLarge(maxBytes);
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > MAX_UNREAD_BYTES) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#finish("complete");
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish({ error: requestFailure(error) });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#unread.length === 0 && this.#end === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await this.#reading.whileSilent(promise);
    }
    const value = this.#unread.shift();
    if (value === undefined) {
      if (this.#end !== null && this.#end !== "complete") throw this.#end.error;
      return { done: true, value };
    }
    this.#unreadBytes -= value.length;
    if (this.#unreadBytes <= MAX_UNREAD_BYTES) this.#controller?.resume();
    return { done: false, value };
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#unread.length = 0;
    const isOver = this.#end !== null;
    this.#finish("complete");
    if (!isOver) this.#controller?.abort(new Error("Nobody reads the answer any more."));
    return { done: true, value: undefined };
  }

  #abort(reason: Error): void {
    // A request that still waits for a socket is rejected now and never sent.
    this.#finish({ error: reason });
    this.#unread.length = 0;
    this.#controller?.abort(reason);
  }

  #finish(end: { readonly error: unknown } | "complete"): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#head.reject(end === "complete" ? new Error("The answer ended before it began.") : end.error);
    this.#ended.resolve();
    this.#wake?.();
  }
}
