import { RequestError } from "#request-error";
import type { Runtime } from "#runtime/runtime";
import type { RunContents, Store } from "#store/store";

export interface CancelRunPorts {
  readonly store: Pick<Store, "runs">;
  readonly runtime: Runtime;
}

/** A run that nobody drives is taken up within moments after a start, or waits for its version. */
const NOT_DRIVEN_RETRY_S = 1;

export interface CancelRequest {
  readonly tenantId: string;
  /** null: of whichever workflow the run is. */
  readonly workflowId: string | null;
  readonly runId: string;
  /** Of the error that the run ends with: who cancelled it. */
  readonly reason?: string;
}

/**
 * Ends a run as cancelled, whoever asks and however often: the answer is the run's durable end, read back. RequestError: the run is not
 * known, has ended another way, or is not driven here.
 */
export async function cancelRun(ports: CancelRunPorts, { tenantId, workflowId, runId, reason }: CancelRequest): Promise<RunContents> {
  const row = await ports.store.runs.get(tenantId, workflowId, runId);
  if (!row) throw new RequestError("not_found");
  if (row.endedAt === null) await ports.runtime.cancel(tenantId, runId, reason);
  const run = await ports.store.runs.view(tenantId, workflowId, runId);
  if (!run) throw new RequestError("not_found");
  if (run.endedAt === null) throw notDriven();
  if (run.errorType !== "cancelled") throw new RequestError("conflict");
  return run;
}

/** The caller is to come again. */
export function notDriven(): RequestError {
  return new RequestError("overloaded", {
    key: "overloaded.not_driven",
    params: { seconds: NOT_DRIVEN_RETRY_S },
    retryAfterS: NOT_DRIVEN_RETRY_S,
  });
}
