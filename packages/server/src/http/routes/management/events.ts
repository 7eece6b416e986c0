import type { FastifyRequest } from "fastify";
import { isStillLetIn } from "#http/admit";
import { openEventStream, QUIET_MS, type StreamedEvent, sendEvents } from "#http/event-stream";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, header } from "#http/request";
import { runView, workflowView } from "#http/views";
import { RequestError } from "#request-error";
import { Bell } from "#runs/bell";
import { momentOfRun } from "#runs/moment-of-run";
import type { Notice } from "#runs/notice";
import { presentMoment } from "#runs/present-run";

/** Between two batches: what changes meanwhile many times is told once. */
const BATCH_MS = 200;

/** Things told of one by one; where more have changed, the page reads anew what it shows. */
const MAX_BATCH = 200;

/** GET /api/v1/events. */
export const events: Handler = async (ports, request, reply) => {
  const from = lastSeen(request);
  const { tenantId } = callerOf(request);
  const signal = openEventStream(ports, reply);
  const about = { requestId: request.id };
  const isLetIn = () => isStillLetIn(ports, request);
  return sendEvents(reply, news(ports, { tenantId, isLetIn }, from, signal), (error) =>
    ports.log.error({ err: error, ...about }, "what changes cannot be read"),
  );
};

function lastSeen(request: FastifyRequest): number | null {
  const seen = header(request, "last-event-id");
  if (seen === null || seen === "") return null;
  if (!/^\d{1,16}$/.test(seen)) throw new RequestError("invalid_request", { errors: [{ path: "/Last-Event-ID", code: "invalid_value" }] });
  return Number(seen);
}

interface Reader {
  readonly tenantId: string;
  isLetIn(): Promise<boolean>;
}

async function* news(
  ports: HttpPorts,
  { tenantId, isLetIn }: Reader,
  from: number | null,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent | null> {
  const { feed, clock } = ports;
  const bell = new Bell();
  const stop = feed.listen(bell.ring);
  signal.addEventListener("abort", bell.ring);
  let position = from ?? feed.position;
  try {
    await feed.isHeardOf();
    // So that whoever is cut off before anything changes knows where to go on.
    if (from === null) yield { id: position, event: "open", data: "{}" };
    while (!signal.aborted && (await isLetIn())) {
      const changed = feed.since(position);
      position = feed.position;
      if (changed === null || changed.length > MAX_BATCH) yield { id: position, event: "reload", data: "{}" };
      else yield* numbered(await presented(ports, tenantId, changed), position);
      await pause(ports, signal);
      while (!signal.aborted && !(await bell.heard(clock, QUIET_MS)) && (await isLetIn())) yield null;
    }
  } finally {
    stop();
    signal.removeEventListener("abort", bell.ring);
  }
}

/** The last of a batch has the id: whoever is cut off within it gets all of it again. */
function numbered(batch: readonly StreamedEvent[], id: number): readonly StreamedEvent[] {
  return batch.map((event, at) => (at === batch.length - 1 ? { id, ...event } : event));
}

function pause({ clock }: HttpPorts, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.at(clock.now() + BATCH_MS, resolve);
  const end = (): void => {
    cancel();
    resolve();
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  return promise.finally(() => signal.removeEventListener("abort", end));
}

async function presented(ports: HttpPorts, tenantId: string, changed: readonly Notice[]): Promise<readonly StreamedEvent[]> {
  const told = await Promise.all(changed.map((notice) => present(ports, tenantId, notice)));
  return told.flat();
}

/** Nothing where it is no longer there, or another tenant's. */
async function present(ports: HttpPorts, tenantId: string, { kind, id }: Notice): Promise<readonly StreamedEvent[]> {
  const { store } = ports;
  switch (kind) {
    case "run":
      return presentRun(ports, tenantId, id);
    case "workflow": {
      const row = await store.workflows.get(tenantId, id, { deleted: true });
      return row ? [eventOf("workflow", row.deletedAt === null ? workflowView(row) : { id, deleted: true })] : [];
    }
    case "delivery":
      return (await store.runs.get(tenantId, null, id)) ? [eventOf("delivery", { runId: id })] : [];
    case "job":
      return (await store.jobs.get(tenantId, id)) ? [eventOf("job", { id })] : [];
    case "key":
      return (await store.keys.get(tenantId, id)) ? [eventOf("key", { id })] : [];
    case "schedule":
      return (await store.schedules.get(tenantId, id)) ? [eventOf("schedule", { id })] : [];
    case "request":
      return id === tenantId ? [eventOf("request", {})] : [];
    case "alert":
      return (await store.alerts.get(tenantId, id)) ? [eventOf("alert", { id })] : [];
    case "knowledge":
      return (await store.knowledge.base(tenantId, id)) ? [eventOf("knowledge", { id })] : [];
    case "budget":
      // Who shows these asks for them.
      return [];
    default:
      return kind satisfies never;
  }
}

async function presentRun(ports: HttpPorts, tenantId: string, id: string): Promise<readonly StreamedEvent[]> {
  const run = await ports.store.runs.get(tenantId, null, id);
  if (!run) return [];
  const moment = await momentOfRun(ports, tenantId, run);
  const told = eventOf("run", { ...runView(run), ...(moment && presentMoment(id, moment)) });
  const asked = await ports.store.approvals.list(tenantId, { runId: id, limit: 1 });
  return asked.length > 0 ? [told, eventOf("approval", { runId: id })] : [told];
}

function eventOf(event: string, data: object): StreamedEvent {
  return { event, data: JSON.stringify(data) };
}
