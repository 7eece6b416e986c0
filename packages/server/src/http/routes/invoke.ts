import { checkInvokeBody, LIMITS } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import { withinHold } from "#http/hold";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentAcknowledgement, presentHeld, presentRun } from "#runs/present-run";
import { startOnce } from "#runs/start-once";
import { type RunRequest, startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import type { Soon } from "#soon";

/** POST /v1/workflow/invoke: starts the run, then waits for it, or does not. */
export function invoke(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const language = languageOf(request);
  const checked = checkInvokeBody(body, { language, refuseHost: ports.refuseHost });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const version = header(request, "millrace-version");
  const run: RunRequest = { caller: callerOf(request), workflow: workflowOf(request), version, body: checked.body, language };
  const key = header(request, "idempotency-key");
  return key === null ? startRun(ports, run).then((handle) => answer(ports, handle, checked.body.isAsync)) : once(ports, run, key);
}

/** At once where nothing is to be waited for. */
function answer(ports: HttpPorts, handle: RunHandle, isAsync: boolean): Soon<RunAnswer> {
  const { runId, result } = handle;
  if (isAsync) return { runId, body: presentAcknowledgement(handle.current()) };
  if (result) return { runId, body: presentRun(result) };
  return withinHold(handle, ports.settings.syncHoldMs, ports.clock, ports.closing).then((ended) => {
    return { runId, body: ended ? presentRun(ended) : presentHeld(handle.current(), ports.runtime.pauseOf(runId)) };
  });
}

const IDEMPOTENCY_KEY = /^[ -~]+$/;

/** The run of the first such request, whether that was this one or another; a synchronous call waits for it either way. */
async function once(ports: HttpPorts, request: RunRequest, key: string): Promise<RunAnswer> {
  const limit = LIMITS.idempotencyKeyCharacters.value;
  if (!IDEMPOTENCY_KEY.test(key) || key.length > limit)
    throw new RequestError("invalid_request", { key: "invalid_request.idempotency_key", params: { limit } });
  const { isAsync } = request.body;
  const { handle, earlier } = await startOnce({ ...ports, runs: ports.store.runs }, request, key);
  if (handle) return answer(ports, handle, isAsync);
  const live = isAsync ? null : ports.runtime.attach(earlier);
  if (live) return { ...(await answer(ports, live, isAsync)), replayed: true };
  const run = await ports.store.runs.view(request.caller.tenantId, null, earlier);
  if (!run) throw new RequestError("not_found");
  const body = isAsync || run.endedAt === null ? presentAcknowledgement(run, run.status) : presentRun(run);
  return { runId: earlier, body, replayed: true };
}
