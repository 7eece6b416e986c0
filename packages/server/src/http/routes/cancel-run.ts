import { checkQueryBody } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { cancelRun as cancel } from "#runs/cancel-run";
import { presentRun } from "#runs/present-run";

/** POST /v1/workflow/run/cancel. Which ids it knows is the query's business: the one answer for all others is the same. */
export async function cancelRun(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const checked = checkQueryBody(body, { language: languageOf(request) });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const { tenantId } = callerOf(request);
  const run = await cancel(ports, { tenantId, workflowId: workflowOf(request).id, runId: checked.body.workflowRunId });
  return { runId: run.id, body: presentRun(run) };
}
