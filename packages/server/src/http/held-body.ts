import type { HttpPorts } from "#http/ports";
import { RequestError } from "#request-error";
import { momentOfRun } from "#runs/moment-of-run";
import { presentHeld } from "#runs/present-run";

/** What a caller is told whose run outlasts the hold. */
export async function heldBody(ports: HttpPorts, tenantId: string, runId: string): Promise<string> {
  const run = await ports.store.runs.get(tenantId, null, runId);
  if (!run) throw new RequestError("not_found");
  return presentHeld(run, await momentOfRun(ports, tenantId, run));
}
