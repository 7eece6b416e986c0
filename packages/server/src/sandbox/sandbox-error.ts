import { TerminalError } from "@millrace/engine";

/** The types of a failed call that the code itself caused. */
export type SandboxErrorType = "code_error" | "code_timeout" | "code_memory" | "limit_exceeded";

/** A call that failed by its code: the error of the node, and what helps its author to understand it. */
export class SandboxError extends TerminalError {
  /** Console lines up to the failure, `level text`; none when the process had to be killed. */
  readonly logs: readonly string[];
  /** `at name (line:column)` in the author's source, innermost first, 50 at most. */
  readonly frames: readonly string[];

  constructor(type: SandboxErrorType, message: string, logs: readonly string[] = [], frames: readonly string[] = []) {
    super(type, message);
    this.name = "SandboxError";
    this.logs = logs;
    this.frames = frames;
  }
}
