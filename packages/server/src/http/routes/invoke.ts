import { checkInvokeBody } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import { withinHold } from "#http/hold";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentAcknowledgement, presentRun } from "#runs/present-run";
import { startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import type { Soon } from "#soon";

/** POST /v1/workflow/invoke: starts the run, then waits for it, or does not. */
export function invoke(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const language = languageOf(request);
  const checked = checkInvokeBody(body, { language, refuseHost: ports.refuseHost });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const caller = callerOf(request);
  const version = header(request, "millrace-version");
  const { isAsync } = checked.body;
  return startRun(ports, caller, workflowOf(request), version, checked.body, language).then((handle) => answer(ports, handle, isAsync));
}

/** At once where nothing is to be waited for. */
function answer(ports: HttpPorts, handle: RunHandle, isAsync: boolean): Soon<RunAnswer> {
  const { runId, result } = handle;
  if (isAsync) return { runId, body: presentAcknowledgement(handle.current()) };
  if (result) return { runId, body: presentRun(result) };
  return withinHold(handle, ports.settings.syncHoldMs, ports.clock, ports.closing).then((ended) => {
    if (ended) return { runId, body: presentRun(ended) };
    const current = handle.current();
    return { runId, body: presentAcknowledgement(current, current.startedAt === null ? "PENDING" : "RUNNING") };
  });
}
