import { LIMITS, type SignalRequest } from "@millrace/contract";
import { RequestError } from "#request-error";
import { notDriven } from "#runs/cancel-run";
import { type Runtime, SignalsFull } from "#runtime/runtime";
import type { RunContents, Store } from "#store/store";

export interface SignalRunPorts {
  readonly store: Store;
  readonly runtime: Runtime;
}

/** Tells a run something; resolves once that is durable. RequestError: the run is not known, has ended, keeps too many, or is not driven here. */
export async function signalRun(ports: SignalRunPorts, tenantId: string, workflowId: string, request: SignalRequest): Promise<RunContents> {
  const { workflowRunId: runId, name, value, id } = request;
  const row = await ports.store.runs.get(tenantId, workflowId, runId);
  if (!row) throw new RequestError("not_found");
  const isTold = row.endedAt === null && (await tell(ports.runtime, tenantId, runId, { name, value, ...(id !== null && { id }) }));
  const run = await ports.store.runs.view(tenantId, workflowId, runId);
  if (!run) throw new RequestError("not_found");
  if (!isTold) throw run.endedAt === null ? notDriven() : new RequestError("conflict");
  return run;
}

async function tell(runtime: Runtime, ...signal: Parameters<Runtime["signal"]>): Promise<boolean> {
  try {
    return await runtime.signal(...signal);
  } catch (error) {
    if (!(error instanceof SignalsFull)) throw error;
    throw new RequestError("conflict", { key: "conflict.signals", params: { limit: LIMITS.signalsKept.value } });
  }
}
