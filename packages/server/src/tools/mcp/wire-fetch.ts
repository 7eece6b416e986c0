import { RetryableError, TerminalError } from "@millrace/engine";
import { MAX_ANSWER_BYTES, MAX_TIMEOUT_MS } from "#tools/limits";
import type { ToolWire } from "#tools/ports";

/** Statuses whose answers have no body. */
const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** A `fetch` for the SDK that leaves by a connection's wire, and what went wrong on it, which the SDK would wrap in words of its own. */
export class WireFetch {
  readonly #wire: ToolWire;
  readonly #signal: AbortSignal;
  failure: TerminalError | RetryableError | null = null;

  constructor(wire: ToolWire, signal: AbortSignal) {
    this.#wire = wire;
    this.#signal = signal;
  }

  readonly fetch = async (url: string | URL, { method = "GET", headers, body, signal }: RequestInit = {}): Promise<Response> => {
    const stop = signal ? AbortSignal.any([this.#signal, signal]) : this.#signal;
    const answer = await this.#watched(() =>
      this.#wire.open({
        url: String(url),
        method,
        headers: [...new Headers(headers)].filter(([name]) => name !== "user-agent"),
        ...(typeof body === "string" && { body }),
        signal: stop,
        timeoutMs: MAX_TIMEOUT_MS,
        maxBytes: MAX_ANSWER_BYTES,
        maxRedirects: 0,
      }),
    );
    const { status } = answer;
    const hasBody = !BODILESS.has(status);
    if (!hasBody) await answer.body.return();
    const stream = () =>
      new ReadableStream({
        pull: async (controller) => {
          const { done, value } = await this.#watched(() => answer.body.next());
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => {
          await answer.body.return();
        },
      });
    return new Response(hasBody ? stream() : null, { status, headers: { ...answer.headers } });
  };

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The stream that the SDK keeps open for news is ended by the SDK itself.
      if (!this.#signal.aborted && (error instanceof TerminalError || error instanceof RetryableError) && error.type !== "cancelled")
        this.failure = error;
      throw error;
    }
  }
}
