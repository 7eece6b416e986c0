import type { Directive } from "@millrace/engine";
import { type ExecuteCommand, errorOf, RetryableError, TerminalError } from "@millrace/engine";
import type { EffectContext } from "@millrace/nodes";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";

/** One attempt of a node with effects, from the moment it may begin until it answered or was dropped. */
export interface Attempt {
  readonly path: string;
  readonly number: number;
  /** Nobody waits for the answer any more: sockets and sandboxes are told to stop. */
  abort(reason: TerminalError): void;
}

export interface AttemptCall {
  readonly command: ExecuteCommand;
  readonly runId: string;
  /** Runs the node's executor; called at once, and once. */
  execute(own: AttemptContext): Promise<Directive>;
}

/** What an executor is told of its attempt; the rest is its step's. */
export type AttemptContext = Pick<EffectContext, "attempt" | "idempotencyKey" | "signal" | "timeoutMs">;

/**
 * An executor is given its time and enforces it itself, with an error of its own type (http_timeout, code_timeout). Only one that has
 * not answered this long after is cut off from outside.
 */
const GRACE_MS = 1_000;

/** Runs the executor; exactly one of the two callbacks is called, unless the attempt is aborted first. */
export function runAttempt(
  clock: Clock,
  call: AttemptCall,
  answered: (directive: Directive) => void,
  threw: (error: unknown) => void,
): Attempt {
  const { command, runId, execute } = call;
  const controller = new AbortController();
  let open = true;
  const close = (): boolean => {
    const was = open;
    open = false;
    stopTimer?.();
    return was;
  };
  const timeoutMs = command.node.timeoutMs;
  const stopTimer =
    timeoutMs === null
      ? undefined
      : clock.at(clock.now() + timeoutMs + GRACE_MS, () => {
          if (!close()) return;
          controller.abort();
          threw(new RetryableError("node_timeout", `The node took longer than ${timeoutMs} ms.`));
        });
  const own = { attempt: command.attempt, idempotencyKey: `${runId}:${command.path}`, signal: controller.signal, timeoutMs };
  failpoint("effect.beforeSend", command.node.id);
  execute(own).then(
    (directive) => {
      failpoint("effect.afterReply.beforeRecord");
      if (close()) answered(directive);
    },
    (error: unknown) => {
      if (close()) threw(error);
    },
  );
  return {
    path: command.path,
    number: command.attempt,
    abort: (reason) => void (close() && controller.abort(reason)),
  };
}

/** What the server's log should know of: errors that are nobody's in particular. */
export function isInternal(thrown: unknown): boolean {
  return errorOf(thrown).type === "internal" && !(thrown instanceof TerminalError);
}
