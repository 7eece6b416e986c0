import { checkSignalBody } from "@millrace/contract";
import type { RunAnswer } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf, type WireRequest, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { momentOfRun } from "#runs/moment-of-run";
import { presentRun } from "#runs/present-run";
import { signalRun as signal } from "#runs/signal-run";

/** POST /v1/workflow/run/signal: the run as it is after that. */
export async function signalRun(ports: HttpPorts, request: WireRequest, body: unknown): Promise<RunAnswer> {
  const checked = checkSignalBody(body, { language: languageOf(request) });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const { tenantId } = callerOf(request);
  const run = await signal(ports, tenantId, workflowOf(request).id, checked.body);
  return { runId: run.id, body: presentRun(run, await momentOfRun(ports, tenantId, run)) };
}
