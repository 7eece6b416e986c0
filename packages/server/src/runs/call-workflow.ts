import { LIMITS } from "@millrace/contract";
import { rollUp, TerminalError } from "@millrace/engine";
import type { CalledRun, CancelSignal, WorkflowCall } from "@millrace/nodes";
import type { Clock } from "#clock";
import { derivedRunId } from "#ids";
import { type CalledWorkflows, calledVersion, existing } from "#runs/called-version";
import { type CallingStep, LetGo, type Runtime } from "#runtime/runtime";
import type { RunStore } from "#store/store";
import type { RunnableVersion } from "#workflows/compile-version";
import type { VersionCache } from "#workflows/version-cache";

// The other door through which a run comes into being: a node of a run calls a workflow.
// C1. The called run's id follows from the step and its failures, so that an attempt that takes over from a lost one finds its run.
// C2. The called run is cancelled with the attempt, unless the process merely lets the calling run go.

type CalledRuns = Pick<RunStore, "get" | "view" | "journal">;

export interface CallPorts {
  readonly runtime: Pick<Runtime, "start" | "cancel" | "whenEnded">;
  readonly runs: CalledRuns;
  readonly workflows: CalledWorkflows;
  readonly versions: Pick<VersionCache, "load">;
  readonly clock: Clock;
}

/** Begins the step's run, or finds the one that was begun; resolves with its end. */
export async function callWorkflow(ports: CallPorts, step: CallingStep, call: WorkflowCall): Promise<CalledRun> {
  const runId = derivedRunId(step.runId, nameOf(step));
  const ended = Promise.withResolvers<void>();
  // It listens before it looks, so that no end comes unnoticed in between.
  const unlisten = ports.runtime.whenEnded(step.tenantId, runId, () => ended.resolve());
  const cancelled = aborted(call.signal, (reason) => {
    if (!(reason instanceof LetGo)) cancel(ports.runtime, step.tenantId, runId, "The run that called it no longer waits for it.");
  });
  const time = limited(ports, step, runId, call.timeoutMs);
  try {
    const run = await Promise.race([cancelled.promise, endOf(ports, step, call, runId, ended.promise)]);
    return run.error?.type === "cancelled" && time.isOver() ? { ...run, error: late(call.timeoutMs) } : run;
  } finally {
    time.stop();
    unlisten();
    cancelled.unlisten();
  }
}

function nameOf({ path, failures, once }: CallingStep): string {
  return once === undefined ? `${path}#${failures}` : `${path}#${failures}:${once}`;
}

/** Refused while the server stops: the next start sees to the called run as to its caller. */
function cancel(runtime: Pick<Runtime, "cancel">, tenantId: string, runId: string, reason: string): void {
  runtime.cancel(tenantId, runId, reason).catch(() => undefined);
}

/** Cancels the called run once its time is over. */
function limited(ports: CallPorts, step: CallingStep, runId: string, timeoutMs: number | null): { isOver(): boolean; stop(): void } {
  const { tenantId, calledAt = ports.clock.now() } = step;
  let over = false;
  const cut = (): void => {
    over = true;
    cancel(ports.runtime, tenantId, runId, `The run that called it waits no longer than ${timeoutMs} ms.`);
  };
  const stop = timeoutMs === null ? () => undefined : ports.clock.at(calledAt + timeoutMs, cut);
  return { isOver: () => over, stop };
}

function late(timeoutMs: number | null) {
  return { type: "node_timeout", message: `The called run took longer than ${timeoutMs} ms.` };
}

async function endOf(ports: CallPorts, step: CallingStep, call: WorkflowCall, runId: string, ended: Promise<void>): Promise<CalledRun> {
  const found = await ports.runs.get(step.tenantId, null, runId);
  if (!found) await begin(ports, step, call, runId);
  if (!found || found.endedAt === null) {
    step.waits?.(runId);
    await ended;
  }
  return calledRun(ports.runs, step.tenantId, runId);
}

async function begin(ports: CallPorts, step: CallingStep, call: WorkflowCall, runId: string): Promise<void> {
  const { workflow, version, compiled } = await versionOf(ports, step.tenantId, call);
  const checked = compiled.checkInput(call.input);
  if (!checked.ok) throw new TerminalError("type_error", `${workflow.name}: ${checked.faults[0]?.message}`);
  const depth = step.depth + 1;
  const most = LIMITS.callDepth.value;
  if (depth > most) throw new TerminalError("limit_exceeded", `Workflows call one another more than ${most} levels deep.`);
  // An attempt that was dropped meanwhile begins nothing any more.
  if (call.signal.aborted) throw call.signal.reason;
  const { tenantId, userId, keyId, path, traceparent } = step;
  const run = {
    id: runId,
    workflowId: workflow.id,
    workflowName: workflow.name,
    version,
    userId,
    keyId,
    origin: { trigger: "workflow", id: step.runId } as const,
    acceptedAt: ports.clock.now(),
  };
  const caller = { runId: step.runId, path, depth };
  const start = { tenantId, run, version: compiled, input: call.input, startValues: checked.values, caller };
  await ports.runtime.start({ ...start, ...(traceparent !== undefined && { traceparent }) });
}

/** What is live is resolved here, once: the called run keeps its version. */
async function versionOf(ports: CallPorts, tenantId: string, call: WorkflowCall) {
  const { workflow, version } = await calledVersion(ports.workflows, tenantId, call);
  const compiled: RunnableVersion = existing(await ports.versions.load(tenantId, workflow.id, version), call, version);
  return { workflow, version, compiled };
}

/** Totals come from the journal: the row has them rounded, and sums of rounded numbers are not exact. */
async function calledRun(runs: CalledRuns, tenantId: string, runId: string): Promise<CalledRun> {
  const run = await runs.view(tenantId, null, runId);
  if (!run) throw new Error(`the called run ${runId} is gone`);
  const usage = rollUp(await runs.journal(tenantId, runId)).map((row) => ({ ...row, runId }));
  return { runId, workflowName: run.workflowName, output: run.output ?? {}, error: run.error, usage };
}

/** Rejects when the signal is aborted, after `notice` was called. */
function aborted(signal: CancelSignal, notice: (reason: unknown) => void): { promise: Promise<never>; unlisten: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const listener = (): void => {
    notice(signal.reason);
    reject(signal.reason);
  };
  signal.addEventListener("abort", listener, { once: true });
  return { promise, unlisten: () => signal.removeEventListener("abort", listener) };
}
