import { RetryableError, TerminalError, type Usage } from "@millrace/engine";

type Failure = TerminalError | RetryableError;

/** What another model may not have: of an error that is a fault of the request itself, a second answer would be no better. */
const TERMINAL: ReadonlySet<string> = new Set(["llm_unavailable", "llm_auth"]);

/** Whether the backup is asked where the model failed so. */
export function callsForBackup(error: unknown): error is Failure {
  return error instanceof RetryableError || (error instanceof TerminalError && TERMINAL.has(error.type));
}

/** Both have failed: worth another attempt where one of them is, and at the cost of both. */
export function bothFailed(first: Failure, second: unknown): unknown {
  if (!(second instanceof TerminalError || second instanceof RetryableError)) return second;
  const lead = second instanceof RetryableError || !(first instanceof RetryableError) ? second : first;
  return failure(lead, `${first.message} The backup: ${second.message}`, [...first.usage, ...second.usage]);
}

/** The same error with other words and costs. */
export function failure(error: Failure, message: string, usage: readonly Usage[]): Failure {
  if (error instanceof TerminalError) return new TerminalError(error.type, message, { usage });
  const { type, retryAfterMs } = error;
  return new RetryableError(type, message, { ...(retryAfterMs !== undefined && { retryAfterMs }), usage });
}
