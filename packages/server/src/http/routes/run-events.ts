import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, header, workflowOf } from "#http/request";
import { RequestError } from "#request-error";
import { followRun, type RunEvent } from "#runs/follow-run";

/** A comment this often, so that nobody on the way takes a quiet stream for a dead one. */
const QUIET_MS = 15_000;

/** What a caller is told to wait when every place is taken. */
const BUSY_RETRY_S = 5;

/** GET /v1/workflow/run/{run}/events. */
export const runEvents: Handler = async (ports, request, reply) => {
  const { run: runId } = request.params as { run: string };
  const from = firstWanted(request);
  const { tenantId } = callerOf(request);
  const run = await ports.store.runs.get(tenantId, workflowOf(request).id, runId);
  if (!run) throw new RequestError("not_found");
  reply.header("x-run-url", ports.runUrl(request, runId));
  if (run.endedAt !== null && from > 0 && !(await hasMore(ports, tenantId, runId, from))) return reply.code(204).send();
  if (!ports.eventStreams.take()) throw new RequestError("overloaded", { retryAfterS: BUSY_RETRY_S, params: { seconds: BUSY_RETRY_S } });
  const signal = untilClosed(ports, reply);
  const events = followRun(ports, run, { tenantId, from, quietMs: QUIET_MS, signal });
  const frames = Readable.from(framesOf(events));
  frames.on("error", (error) => ports.log.error({ err: error, workflowRunId: runId }, "the events of a run cannot be read"));
  // Buffering proxies pass on what they have collected, which is late.
  return reply.header("content-type", "text/event-stream").header("x-accel-buffering", "no").send(frames);
};

async function* framesOf(events: AsyncIterable<RunEvent | null>): AsyncGenerator<string> {
  // A browser tells its page that the stream is open when the head is there, which goes out with the first byte.
  yield COMMENT;
  for await (const event of events) yield event ? `id: ${event.id}\nevent: ${event.event}\ndata: ${event.data}\n\n` : COMMENT;
}

const COMMENT = ":\n\n";

/** Aborted when the caller goes away or the server shuts down; the stream's place is free again once its answer is closed. */
function untilClosed(ports: HttpPorts, reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
    // Whoever does not read what was sent does not hold up a server that stops.
    if (reply.raw.writableNeedDrain) reply.raw.destroy();
  };
  const release = (): void => {
    controller.abort();
    ports.closing.removeEventListener("abort", stop);
    ports.eventStreams.giveBack();
  };
  ports.closing.addEventListener("abort", stop, { once: true });
  if (ports.closing.aborted) stop();
  // The caller may have left while the run was looked up, and does not leave twice.
  if (reply.raw.closed) release();
  else reply.raw.once("close", release);
  return controller.signal;
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
