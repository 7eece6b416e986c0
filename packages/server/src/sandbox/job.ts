import { TerminalError } from "@millrace/engine";
import type { CancelSignal, SandboxResult } from "@millrace/nodes";
import { readAnswer, timedOut } from "#sandbox/answer";
import type { SandboxProgram } from "#sandbox/program/program-cache";

export interface JobRequest {
  readonly program: SandboxProgram;
  /** JSON text. */
  readonly inputs: string;
  /** Of the inputs in UTF-8. */
  readonly inputBytes: number;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export interface JobOutcome {
  resolve(result: SandboxResult): void;
  reject(error: Error): void;
}

/** One call on its way. It is settled once; whatever comes later for it is ignored. */
export class Job {
  readonly request: JobRequest;
  /** Processes that died while they ran it. */
  deaths = 0;
  isSettled = false;
  /** Whoever runs it need not go on. */
  onCancelled: (() => void) | undefined;
  private readonly outcome: JobOutcome;
  private readonly signal: CancelSignal | undefined;
  private readonly onAbort = () => {
    this.fail(new TerminalError("cancelled", "the call was cancelled"));
    this.onCancelled?.();
  };

  constructor(request: JobRequest, outcome: JobOutcome, signal: CancelSignal | undefined) {
    this.request = request;
    this.outcome = outcome;
    this.signal = signal;
    signal?.addEventListener("abort", this.onAbort, { once: true });
  }

  answer(status: number, body: string): void {
    if (this.isSettled) return;
    try {
      const result = readAnswer(status, body, this.request);
      this.settle();
      this.outcome.resolve(result);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  timeOut(): void {
    this.fail(timedOut(this.request.timeoutMs));
  }

  fail(error: Error): void {
    if (this.isSettled) return;
    this.settle();
    this.outcome.reject(error);
  }

  private settle(): void {
    this.isSettled = true;
    this.signal?.removeEventListener("abort", this.onAbort);
  }
}
