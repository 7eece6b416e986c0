import { RetryableError, TerminalError } from "@millrace/engine";
import type { EgressResponse } from "#kit/capabilities";
import { retryAfterMs } from "#kit/retry-after";
import { shownUrl } from "#kit/shown-url";

/** Answers that say "later": time-outs, too early, too many, and failures of the server or what is in front of it. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** The error of a failing status. Names the method, the host and the path: no query, no header, nothing of the answer's body. */
export function statusError(method: string, url: string, { status, headers }: EgressResponse): TerminalError | RetryableError {
  const type = `http_${status}`;
  const message = `${method} ${shownUrl(url)} answered ${status}`;
  if (!RETRYABLE_STATUSES.has(status)) return new TerminalError(type, message);
  const wait = retryAfterMs(headers);
  return new RetryableError(type, message, wait === undefined ? {} : { retryAfterMs: wait });
}
