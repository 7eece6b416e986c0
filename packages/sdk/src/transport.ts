import { apiError, UnsupportedByServerError } from "#errors";
import type { ErrorBody } from "#wire";

export interface TransportOptions {
  readonly endpoint: string;
  readonly apiKey: string;
  /** Further attempts of a request that may be made again. */
  readonly maxRetries: number;
  readonly fetch: typeof fetch;
  /** The server is the vendor's: it has `invoke`, `start` and `wait`, and there the same request made twice is two runs. */
  readonly isVendor: boolean;
}

export interface Request {
  readonly path: string;
  /** With one it is a POST, without one a GET. */
  readonly body?: object;
  readonly headers: { readonly [name: string]: string };
  /** Asking again changes nothing: it is retried whatever went wrong. Otherwise only where the server refused before anything happened. */
  readonly safe: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Refused before anything happened. */
const REFUSED: ReadonlySet<number> = new Set([429, 503]);
/** Somewhere on the way; whether anything happened is unknown. */
const UNKNOWN: ReadonlySet<number> = new Set([500, 502, 504]);

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;

/** POST with JSON both ways. Throws what `ask` throws. */
export async function post(options: TransportOptions, request: Request & { readonly body: object }): Promise<unknown> {
  return (await ask(options, request)).json();
}

/** The answer, once it is there and good. Throws ApiError for one outside 2xx, and what `fetch` throws where there is none. */
export async function ask(options: TransportOptions, request: Request): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= options.maxRetries;
    const answer = await send(options, request, last);
    if (answer?.ok) return answer;
    const retried = answer === null || REFUSED.has(answer.status) || (request.safe && UNKNOWN.has(answer.status));
    if (answer !== null && (last || !retried)) throw apiError(answer.status, answer.headers, await bodyOf(answer));
    await pause(retryAfterMs(answer) ?? backoffMs(attempt), request.signal);
  }
}

/** null: no answer came, and the request may be made again. */
async function send(
  { endpoint, apiKey, fetch, isVendor }: TransportOptions,
  { path, body, headers, safe, signal }: Request,
  last: boolean,
): Promise<Response | null> {
  try {
    // All others are this package's own, and mean nothing to the vendor's servers.
    const own = isVendor ? {} : headers;
    const all = { Authorization: `Bearer ${apiKey}`, ...(body && { "Content-Type": "application/json" }), ...own };
    const sent = body ? { method: "POST", body: JSON.stringify(body) } : {};
    return await fetch(endpoint + path, { ...sent, headers: all, ...(signal && { signal }) });
  } catch (error) {
    if (last || !safe || signal?.aborted) throw error;
    return null;
  }
}

async function bodyOf(answer: Response): Promise<Partial<ErrorBody>> {
  try {
    return (await answer.json()) as Partial<ErrorBody>;
  } catch {
    // A proxy's page: the status says what there is to say.
    return {};
  }
}

function retryAfterMs(answer: Response | null): number | null {
  const seconds = Number(answer?.headers.get("retry-after") ?? "");
  return seconds > 0 ? seconds * 1_000 : null;
}

/** Twice as long each time, and spread, so that clients do not come back together. */
export function backoffMs(attempt: number, first = FIRST_PAUSE_MS, longest = LONGEST_PAUSE_MS): number {
  return Math.min(longest, first * 2 ** attempt) * (0.75 + Math.random() / 2);
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
  });
}

/** Throws where the server is the vendor's, which has nothing of the kind. */
export function needsMillrace({ isVendor }: TransportOptions, what: string): void {
  if (isVendor) throw new UnsupportedByServerError(what);
}
