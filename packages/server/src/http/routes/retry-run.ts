import { checkRetryBody } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentAcknowledgement } from "#runs/present-run";
import { retryRun as retry } from "#runs/retry-run";

/** POST /v1/workflow/run/retry: the acknowledgement of the new run. */
export async function retryRun(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const language = languageOf(request);
  const checked = checkRetryBody(body, { language });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const handle = await retry(ports, { caller: callerOf(request), workflow: workflowOf(request), body: checked.body, language });
  return { runId: handle.runId, body: presentAcknowledgement(handle.current()) };
}
