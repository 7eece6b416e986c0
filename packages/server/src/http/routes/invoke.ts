import { checkInvokeBody, hasScope, type InvokeRequest, LIMITS } from "@millrace/contract";
import { readDate } from "@millrace/engine";
import type { RunAnswer } from "#http/handler";
import { heldBody } from "#http/held-body";
import { hold } from "#http/hold";
import { idempotencyKeyOf } from "#http/idempotency-key";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, languageOf, type WireRequest, workflowOf } from "#http/request";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import { presentAcknowledgement, presentRun } from "#runs/present-run";
import { startOnce } from "#runs/start-once";
import { type RunRequest, startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import type { Soon } from "#soon";

/** POST /v1/workflow/invoke: starts the run, then waits for it, or does not. */
export function invoke(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const language = languageOf(request);
  const checked = checkInvokeBody(body, { language, refuseHost: ports.refuseReceiver });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const version = header(request, "millrace-version");
  const startAt = startAtOf(ports, request, checked.body);
  const wanted = { caller: callerOf(request), workflow: workflowOf(request), version, body: checked.body, language };
  const traceparent = ports.traceparentOf(request);
  const timed: Invocation = startAt === null ? wanted : { ...wanted, startAt };
  const run: Invocation = traceparent === null ? timed : { ...timed, traceparent };
  return version === "draft" ? ofDraft(ports, run).then((drafted) => begin(ports, request, drafted)) : begin(ports, request, run);
}

type Invocation = RunRequest & { readonly caller: Caller };

/** The same request of the draft as it is now. */
async function ofDraft(ports: HttpPorts, run: Invocation): Promise<Invocation> {
  const { caller, workflow } = run;
  if (!hasScope(caller.scopes, "draft")) throw new RequestError("scope", { params: { scope: "draft" } });
  return { ...run, version: await ports.authoring.keepDraft(caller.tenantId, workflow.id) };
}

function begin(ports: HttpPorts, request: WireRequest, run: Invocation): Promise<RunAnswer> {
  const key = idempotencyKeyOf(request);
  return key === null
    ? startRun(ports, run).then((handle) => answer(ports, run.caller.tenantId, handle, run.body.isAsync))
    : once(ports, run, key);
}

const EPOCH_MS = /^\d{1,16}$/;

/** When the run is to begin; null: now. */
function startAtOf(ports: HttpPorts, request: WireRequest, { isAsync }: InvokeRequest): number | null {
  const given = header(request, "millrace-start-at");
  if (given === null) return null;
  const furthest = LIMITS.startDelay.value;
  const at = EPOCH_MS.test(given) ? Number(given) : readDate(given);
  const params = { days: furthest / DAY_MS };
  if (at === null || at > ports.now() + furthest) throw new RequestError("invalid_request", { key: "invalid_request.start_at", params });
  if (!isAsync) throw new RequestError("invalid_request", { key: "invalid_request.start_at_sync" });
  return at;
}

const DAY_MS = 86_400_000;

/** At once where nothing is to be waited for. */
function answer(ports: HttpPorts, tenantId: string, handle: RunHandle, isAsync: boolean): Soon<RunAnswer> {
  const { runId, result } = handle;
  if (isAsync) return { runId, body: presentAcknowledgement(handle.current()) };
  if (result) return { runId, body: presentRun(result) };
  return hold(ports, tenantId, runId).end.then(async (end) => ({
    runId,
    body: end ? presentRun(end) : await heldBody(ports, tenantId, runId),
  }));
}

/** The run of the first such request, whether that was this one or another; a synchronous call waits for it either way. */
async function once(ports: HttpPorts, request: Invocation, key: string): Promise<RunAnswer> {
  const { isAsync } = request.body;
  const { handle, earlier } = await startOnce({ ...ports, runs: ports.store.runs }, request, key);
  const { tenantId } = request.caller;
  if (handle) return answer(ports, tenantId, handle, isAsync);
  return { runId: earlier, body: await answerAgain(ports, tenantId, earlier, isAsync), replayed: true };
}

/** Of a run that was begun by an equal request. */
async function answerAgain(ports: HttpPorts, tenantId: string, runId: string, isAsync: boolean): Promise<string> {
  // It listens before it looks, so that no end comes unnoticed in between.
  const waiting = isAsync ? null : hold(ports, tenantId, runId);
  try {
    const run = await ports.store.runs.view(tenantId, null, runId);
    if (!run) throw new RequestError("not_found");
    if (isAsync) return presentAcknowledgement(run, run.status);
    if (run.endedAt !== null) return presentRun(run);
    const end = await waiting?.end;
    return end ? presentRun(end) : await heldBody(ports, tenantId, runId);
  } finally {
    waiting?.stop();
  }
}
