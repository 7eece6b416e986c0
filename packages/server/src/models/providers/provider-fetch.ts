import type { RetryableError, TerminalError } from "@millrace/engine";
import type { CancelSignal } from "@millrace/nodes";
import type { OpenResponse } from "#egress/egress";
import { brokenBy, refusedBy } from "#models/providers/failure";
import { DEFAULT_CALL_TIMEOUT_MS, MAX_ANSWER_BYTES, MAX_REFUSAL_BYTES, STREAM_IDLE_TIMEOUT_MS } from "#models/providers/limits";
import type { ProviderWire } from "#models/providers/wire";

/** What the SDK is given where it insists on a key. A header that holds it does not leave. */
export const UNUSED_KEY = "the-connection-has-the-key";

/** How one call is to be sent. */
export interface Sending {
  readonly signal: CancelSignal;
  readonly timeoutMs: number | null;
  /** Its answer comes piece by piece, so that silence means something. */
  readonly isStreamed: boolean;
}

/** The way of one call: a `fetch` for the SDK, and what went wrong on it, which the SDK would wrap in words of its own. */
export class ProviderFetch {
  readonly #wire: ProviderWire;
  readonly #sending: Sending;
  failure: TerminalError | RetryableError | null = null;

  constructor(wire: ProviderWire, sending: Sending) {
    this.#wire = wire;
    this.#sending = sending;
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { signal, timeoutMs, isStreamed } = this.#sending;
    const { body, headers } = await encoded(init);
    const answer = await this.#watched(() =>
      this.#wire.open({
        url: String(input instanceof Request ? input.url : input),
        method: init.method ?? "GET",
        headers,
        ...(body && { body }),
        signal,
        timeoutMs: timeoutMs ?? DEFAULT_CALL_TIMEOUT_MS,
        maxBytes: MAX_ANSWER_BYTES,
        ...(isStreamed && { idleTimeoutMs: STREAM_IDLE_TIMEOUT_MS }),
      }),
    );
    if (answer.status < 200 || answer.status >= 300) throw await this.#refused(answer);
    return new Response(this.#bodyOf(answer), { status: answer.status, headers: { ...answer.headers } });
  };

  async #refused({ status, headers, body }: OpenResponse): Promise<Error> {
    const text = await this.#watched(() => beginningOf(body));
    this.failure = refusedBy({ status, headers, text: this.#wire.redaction?.text(text) ?? text });
    return this.failure;
  }

  #bodyOf({ body }: OpenResponse): ReadableStream<Uint8Array> {
    return new ReadableStream({
      pull: async (controller) => {
        const { done, value } = await this.#watched(() => body.next());
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await body.return();
      },
    });
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.failure = brokenBy(error, this.#sending.signal);
      throw this.failure;
    }
  }
}

/** The body as text or bytes, and the headers that are the request's own. */
async function encoded({ body, headers }: RequestInit) {
  const all = new Headers(headers);
  const own = () => [...all].filter(([name, value]) => !(name === "user-agent" || value.includes(UNUSED_KEY)));
  if (body === null || body === undefined || typeof body === "string") return { body, headers: own() };
  const bytes = new Response(body);
  // A form chooses its boundary, and says which in its content type.
  if (body instanceof FormData) all.set("content-type", bytes.headers.get("content-type") ?? "");
  return { body: new Uint8Array(await bytes.arrayBuffer()), headers: own() };
}

async function beginningOf(body: OpenResponse["body"]): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < MAX_REFUSAL_BYTES; ) {
    const { done, value } = await body.next();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  await body.return();
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL_BYTES).toString("utf8");
}
