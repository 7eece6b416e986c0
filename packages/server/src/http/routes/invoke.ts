import { checkInvokeBody } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import { withinHold } from "#http/hold";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentAcknowledgement, presentRun } from "#runs/present-run";
import { startRun } from "#runs/start-run";

/** POST /v1/workflow/invoke: starts the run, then waits for it, or does not. */
export async function invoke(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const language = languageOf(request);
  const checked = checkInvokeBody(body, { language, refuseHost: ports.refuseHost });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const caller = callerOf(request);
  const handle = await startRun(ports, caller, workflowOf(request), header(request, "millrace-version"), checked.body, language);
  const { runId } = handle;
  if (checked.body.isAsync) return { runId, body: presentAcknowledgement(handle.current()) };
  const ended = handle.result ?? (await withinHold(handle, ports.settings.syncHoldMs, ports.clock, ports.closing));
  if (ended) return { runId, body: presentRun(ended) };
  const current = handle.current();
  return { runId, body: presentAcknowledgement(current, current.startedAt === null ? "PENDING" : "RUNNING") };
}
