import { RequestError } from "#request-error";
import { Draining, Overloaded, QueueFull } from "#runtime/runtime";
import { isPassing } from "#store/errors";

/** A full disk needs retention or an operator, a held store its holder: a moment in either case. */
const STORE_RETRY_S = 5;

/** What the runtime or the store refuses now and may take in a moment, as the caller is told it; null for any other error. */
export function passingRefusal(error: unknown): RequestError | null {
  if (error instanceof Overloaded) return later("overloaded", Math.ceil(error.retryAfterMs / 1_000));
  if (error instanceof QueueFull) {
    const seconds = Math.ceil(error.retryAfterMs / 1_000);
    return new RequestError("queue_full", { retryAfterS: seconds, params: { seconds, limit: error.limit } });
  }
  if (error instanceof Draining) return later("draining", 1);
  if (isPassing(error)) return later("overloaded", STORE_RETRY_S);
  return null;
}

function later(type: "overloaded" | "draining", seconds: number): RequestError {
  return new RequestError(type, { retryAfterS: seconds, params: { seconds } });
}
