import { checkQueryBody } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { presentRun } from "#runs/present-run";

/** POST /v1/workflow/query/result. Unknown, malformed, foreign and forgotten ids are one and the same answer. */
export async function queryResult(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const checked = checkQueryBody(request.body, { language: languageOf(request) });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const { workflowRunId } = checked.body;
  const run = await ports.store.runs.view(callerOf(request).tenantId, workflowOf(request).id, workflowRunId);
  if (!run) throw new RequestError("not_found");
  return reply.header("x-run-url", ports.runUrl(request, run.id)).send(presentRun(run));
}
