import { checkQueryBody } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { momentOfRun } from "#runs/moment-of-run";
import { presentRun } from "#runs/present-run";

/** POST /v1/workflow/query/result. Unknown, malformed, foreign and forgotten ids are one and the same answer. */
export async function queryResult(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const checked = checkQueryBody(body, { language: languageOf(request) });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const { tenantId } = callerOf(request);
  const run = await ports.store.runs.view(tenantId, workflowOf(request).id, checked.body.workflowRunId);
  if (!run) throw new RequestError("not_found");
  return { runId: run.id, body: presentRun(run, await momentOfRun(ports, tenantId, run)) };
}
