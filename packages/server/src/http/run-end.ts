import { hold } from "#http/hold";
import type { HttpPorts } from "#http/ports";
import { RequestError } from "#request-error";
import type { RunHandle } from "#runtime/runtime";
import type { RunContents } from "#store/store";

/** The end of a run that was just started, or null once the hold is over. */
export async function endOf(ports: HttpPorts, tenantId: string, { runId, result }: RunHandle): Promise<RunContents | null> {
  return result ?? hold(ports, tenantId, runId).end;
}

/** The end of a run that was started before, or null once the hold is over. Throws `not_found`. */
export async function endOfEarlier(ports: HttpPorts, tenantId: string, runId: string): Promise<RunContents | null> {
  // It listens before it looks, so that no end comes unnoticed in between.
  const waiting = hold(ports, tenantId, runId);
  try {
    const run = await ports.store.runs.view(tenantId, null, runId);
    if (!run) throw new RequestError("not_found");
    return run.endedAt === null ? await waiting.end : run;
  } finally {
    waiting.stop();
  }
}
