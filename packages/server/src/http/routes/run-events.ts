import type { FastifyReply, FastifyRequest } from "fastify";
import { openEventStream, QUIET_MS, sendEvents } from "#http/event-stream";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { followRun } from "#runs/follow-run";

/** GET /v1/workflow/run/{run}/events. */
export const runEvents: Handler = (ports, request, reply) => follow(ports, request, reply, workflowOf(request).id);

/** GET /api/v1/runs/{run}/events: of any workflow of the tenant. */
export const followAnyRun: Handler = (ports, request, reply) => follow(ports, request, reply, null);

async function follow(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply, workflowId: string | null): Promise<FastifyReply> {
  const { run: runId } = request.params as { run: string };
  const from = firstWanted(request);
  const { tenantId } = callerOf(request);
  const run = await ports.store.runs.get(tenantId, workflowId, runId);
  if (!run) throw new RequestError("not_found");
  reply.header("x-run-url", ports.runUrl(request, runId));
  if (run.endedAt !== null && from > 0 && !(await hasMore(ports, tenantId, runId, from))) return reply.code(204).send();
  const signal = openEventStream(ports, reply);
  const events = followRun(ports, run, { tenantId, from, quietMs: QUIET_MS, signal });
  const about = { requestId: request.id, workflowRunId: runId };
  return sendEvents(reply, events, (error) => ports.log.error({ err: error, ...about }, "the events of a run cannot be read"));
}

async function hasMore({ store }: HttpPorts, tenantId: string, runId: string, from: number): Promise<boolean> {
  for await (const { entries } of store.runs.journalFrom(tenantId, runId, from)) return entries.length > 0;
  return false;
}

/** An EventSource that comes back repeats its first URL: the header is the newer of the two. */
function firstWanted(request: FastifyRequest): number {
  const last = header(request, "last-event-id");
  const { after } = request.query as { after?: string };
  const [path, seen] = last === null || last === "" ? ["/after", after] : ["/Last-Event-ID", last];
  if (seen === undefined) return 0;
  if (!/^\d{1,15}$/.test(seen)) throw new RequestError("invalid_request", { errors: [{ path, code: "invalid_value" }] });
  return Number(seen) + 1;
}
