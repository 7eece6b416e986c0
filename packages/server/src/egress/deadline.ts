import { RetryableError, TerminalError } from "@millrace/engine";
import type { EgressRequest } from "@millrace/nodes";

/** The end of one request: its time is up, or its caller cancelled it. The signal's reason is the error to throw. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Settles with the work, or rejects at once when the deadline comes first. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Settles with the wait, and ends the request when the other side keeps silent for the idle time. */
  whileSilent<T>(wait: Promise<T>): Promise<T>;
  /** Releases the timer and the caller's signal. */
  stop(): void;
}

/** `idleMs` bounds each `whileSilent`; null: only the whole is bounded. */
export function startDeadline(timeoutMs: number, cancel: EgressRequest["signal"], idleMs: number | null = null): Deadline {
  const end = new AbortController();
  const onCancel = () => end.abort(cancelled(cancel?.reason));
  const timer = setTimeout(() => end.abort(new RetryableError("http_timeout", `No complete answer within ${timeoutMs} ms.`)), timeoutMs);
  cancel?.addEventListener("abort", onCancel, { once: true });
  if (cancel?.aborted === true) onCancel();
  return {
    signal: end.signal,
    race: (work) => raceAbort(work, end.signal),
    async whileSilent(wait) {
      if (idleMs === null) return wait;
      const idle = setTimeout(() => end.abort(new RetryableError("http_timeout", `The other side sent nothing for ${idleMs} ms.`)), idleMs);
      return wait.finally(() => clearTimeout(idle));
    },
    stop() {
      clearTimeout(timer);
      cancel?.removeEventListener("abort", onCancel);
    },
  };
}

function cancelled(reason: unknown): Error {
  if (reason instanceof RetryableError || reason instanceof TerminalError) return reason;
  return new TerminalError("cancelled", "The request was cancelled.");
}

function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const settle = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    void work.then(resolve, reject).finally(settle);
    if (signal.aborted) onAbort();
  });
}
