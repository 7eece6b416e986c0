import { checkInvokeBody } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { withinHold } from "#http/hold";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, languageOf, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentAcknowledgement, presentRun } from "#runs/present-run";
import { startRun } from "#runs/start-run";

/** POST /v1/workflow/invoke: starts the run, then waits for it, or does not. */
export async function invoke(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const language = languageOf(request);
  const checked = checkInvokeBody(request.body, { language, refuseHost: ports.refuseHost });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const caller = callerOf(request);
  const handle = await startRun(ports, caller, workflowOf(request), header(request, "millrace-version"), checked.body, language);
  reply.header("x-run-url", ports.runUrl(request, handle.runId));
  if (checked.body.isAsync) return reply.send(presentAcknowledgement(handle.current()));
  const ended = await withinHold(handle, ports.settings.syncHoldMs, ports.clock, ports.closing);
  if (ended) return reply.send(presentRun(ended));
  const current = handle.current();
  return reply.send(presentAcknowledgement(current, current.startedAt === null ? "PENDING" : "RUNNING"));
}
