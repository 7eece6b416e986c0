import { RetryableError, TerminalError, type Usage } from "@millrace/engine";

/** The error of a call that others, which were paid for, came before. */
export function paidBefore(thrown: unknown, before: readonly Usage[]): unknown {
  if (thrown instanceof TerminalError) {
    const { type, message, usage } = thrown;
    return new TerminalError(type, message, { usage: [...before, ...usage] });
  }
  if (thrown instanceof RetryableError) {
    const { type, message, retryAfterMs, usage } = thrown;
    return new RetryableError(type, message, { usage: [...before, ...usage], ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
  return thrown;
}
