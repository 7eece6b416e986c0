import type { Directive } from "@millrace/engine";
import { type ExecuteCommand, errorOf, type Prepared, RetryableError, TerminalError } from "@millrace/engine";
import type { Capabilities, EffectContext, EffectExecutor, PureContext } from "@millrace/nodes";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";

/** One attempt of a node with effects, from the moment it may begin until it answered or was dropped. */
export interface Attempt {
  readonly path: string;
  readonly number: number;
  /** Nobody waits for the answer any more: sockets and sandboxes are told to stop. */
  abort(reason: TerminalError): void;
}

export interface AttemptPorts {
  readonly clock: Clock;
  readonly capabilities: Capabilities;
}

export interface AttemptCall {
  readonly command: ExecuteCommand;
  readonly executor: EffectExecutor;
  readonly prepared: Prepared;
  readonly context: PureContext;
}

/**
 * An executor is given its time and enforces it itself, with an error of its own type (http_timeout, code_timeout). Only one that has
 * not answered this long after is cut off from outside.
 */
const GRACE_MS = 1_000;

/** Runs the executor; exactly one of the two callbacks is called, unless the attempt is aborted first. */
export function runAttempt(
  ports: AttemptPorts,
  call: AttemptCall,
  answered: (directive: Directive) => void,
  threw: (error: unknown) => void,
): Attempt {
  const { command, executor, prepared, context } = call;
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
      : ports.clock.at(ports.clock.now() + timeoutMs + GRACE_MS, () => {
          if (!close()) return;
          controller.abort();
          threw(new RetryableError("node_timeout", `The node took longer than ${timeoutMs} ms.`));
        });
  const effect: EffectContext = {
    ...context,
    attempt: command.attempt,
    idempotencyKey: `${context.runId}:${command.path}`,
    signal: controller.signal,
    timeoutMs,
    capabilities: ports.capabilities,
  };
  failpoint("effect.beforeSend");
  start(executor, prepared, effect).then(
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

/** A throw before the executor's first await is a rejection like any other. */
async function start(executor: EffectExecutor, prepared: Prepared, context: EffectContext): Promise<Directive> {
  return executor.run(prepared.config, context);
}

/** What the server's log should know of: errors that are nobody's in particular. */
export function isInternal(thrown: unknown): boolean {
  return errorOf(thrown).type === "internal" && !(thrown instanceof TerminalError);
}
