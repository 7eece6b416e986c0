import type { Dispatcher, Pool } from "undici";
import { type ByteCollector, createByteCollector } from "#egress/byte-collector";
import { requestFailure, tooLarge } from "#egress/failure";

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: string[];
  readonly body: Uint8Array | undefined;
}

/** What one request got, as it came: redirects not followed, body not decoded. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names; a repeated header is a list. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: Uint8Array;
}

/** How much of an answer is read. */
export interface Reading {
  readonly maxBytes: number;
  /** A longer body is cut and not refused. */
  readonly cutsBody: boolean;
  onHead(status: number, headers: WireAnswer["headers"]): void;
}

/** Sends one request on a pooled socket and reads at most `maxBytes` of body. An abort destroys the socket at once. */
export function exchange(pool: Pool, request: WireRequest, reading: Reading, signal: AbortSignal): Promise<WireAnswer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
  const reader = new AnswerReader(reading, signal, resolve, reject);
  const onAbort = () => reader.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  pool.dispatch({ ...request, body: request.body ?? null }, reader);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}

class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #reading: Reading;
  readonly #body: ByteCollector;
  readonly #signal: AbortSignal;
  readonly #resolve: (answer: WireAnswer) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: WireAnswer["headers"] = {};

  constructor(reading: Reading, signal: AbortSignal, resolve: (answer: WireAnswer) => void, reject: (error: unknown) => void) {
    this.#reading = reading;
    this.#body = createByteCollector(reading.maxBytes);
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** A request that still waits for a socket is rejected now and never sent. */
  abort(reason: Error): void {
    this.#reject(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown and not aborted: the socket is fresh, and the next request can have it.
    this.#signal.throwIfAborted();
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: WireAnswer["headers"]): void {
    // Called for an informational answer too: the final one, which comes last, stays.
    this.#status = status;
    this.#headers = headers;
    if (status >= 200) this.#reading.onHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const { maxBytes, cutsBody } = this.#reading;
    if (this.#body.add(chunk)) return;
    if (!cutsBody) throw tooLarge(maxBytes);
    this.#body.add(chunk.subarray(0, maxBytes - this.#body.length));
    this.onResponseEnd();
    controller.abort(tooLarge(maxBytes));
  }

  onResponseEnd(): void {
    this.#resolve({ status: this.#status, headers: this.#headers, body: this.#body.take() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(requestFailure(error));
  }
}
