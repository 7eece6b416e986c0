import type { Json } from "@millrace/contract";
import { addUsage, type ExecuteCommand, NO_TOTALS, recordedStep, type TerminalError } from "@millrace/engine";
import type { Capabilities, DoOnce, Once } from "@millrace/nodes";
import { failpoint } from "#failpoint";
import type { AttemptContext } from "#runtime/attempts/attempt";
import type { RunRecord } from "#runtime/attempts/run-record";
import type { Entered } from "#runtime/budget-gate";
import type { OpenVault } from "#runtime/vault";

// Steps of an attempt that are done once, whatever becomes of the attempt.
// O1. A recorded step is answered from the journal: neither another attempt nor another process does it again.
// O2. A step answers once its record is durable: what the node does next may rely on it.
// O3. Of an attempt that nobody wants any more no step is recorded, and none begins.

/** What steps ask of whoever runs the attempt. */
export interface OnceHost {
  /** Asks the budgets that the run falls under. */
  enter(paid: PaidOnce): Entered;
  /** What was appended; null: nobody wants the attempt any more, and nothing was. */
  done<T>(done: OnceDone<T>): T | null;
}

/** Exactly one of the two is called, unless the step leaves first. */
export interface PaidOnce {
  begin(): void;
  refuse(error: TerminalError): void;
}

export interface OnceDone<T> {
  append(): T;
  /** What was appended is durable, or the attempt was dropped. */
  durable(): void;
}

export interface OnceParts {
  readonly record: RunRecord;
  readonly command: ExecuteCommand;
  readonly own: AttemptContext;
  readonly host: OnceHost;
  readonly capabilitiesAt: (step: string) => Capabilities;
  readonly clean: OpenVault["clean"];
}

export function onceOf(parts: OnceParts): DoOnce {
  const { record, command, own } = parts;
  return async ({ name, paid }, run) => {
    stopIfAborted(own);
    const known = recordedStep(record.state, command.path, name);
    if (known) return known;
    const entered = paid ? await enter(parts) : null;
    try {
      const output = await run({ capabilities: parts.capabilitiesAt(name), idempotencyKey: `${own.idempotencyKey}:${name}` });
      stopIfAborted(own);
      failpoint("step.beforeRecord", name);
      return await recorded(parts, name, output, entered);
    } catch (thrown) {
      if (entered) leaveFailed(parts, entered);
      throw thrown;
    }
  };
}

/** What the step cost is part of the entry that the attempt now comes to. */
function leaveFailed({ host }: OnceParts, entered: Entered): void {
  const durable = (): void => entered.leave(0n);
  if (host.done({ append: () => true, durable }) === null) durable();
}

function stopIfAborted({ signal }: AttemptContext): void {
  if (signal.aborted) throw signal.reason;
}

function enter({ host, own }: OnceParts): Promise<Entered> {
  return new Promise((resolve, reject) => {
    const { signal } = own;
    const drop = (): void => {
      entered.leave(0n);
      reject(signal.reason);
    };
    signal.addEventListener("abort", drop, { once: true });
    const entered = host.enter({
      begin: () => {
        signal.removeEventListener("abort", drop);
        // It may begin at once, before there is anything to leave.
        queueMicrotask(() => resolve(entered));
      },
      refuse: (error) => {
        signal.removeEventListener("abort", drop);
        reject(error);
      },
    });
  });
}

async function recorded(
  { record, command, own, host, clean }: OnceParts,
  name: string,
  output: Json,
  entered: Entered | null,
): Promise<Once> {
  const durable = Promise.withResolvers<void>();
  const once = host.done({ append: () => record.stepDone(command, name, clean(output)), durable: durable.resolve });
  if (!once) throw own.signal.reason ?? new Error(`nobody wants the step ${name} any more`);
  await durable.promise;
  failpoint("step.afterRecord", name);
  stopIfAborted(own);
  entered?.leave(addUsage(NO_TOTALS, once.usage).credits);
  return once;
}
