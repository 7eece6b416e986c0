import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { HttpPorts } from "#http/ports";
import { RequestError } from "#request-error";

/** A comment this often, so that nobody on the way takes a quiet stream for a dead one. */
export const QUIET_MS = 15_000;

/** What a caller is told to wait when every place is taken. */
const BUSY_RETRY_S = 5;

export interface StreamedEvent {
  readonly id?: number;
  /** Absent: readers of this protocol know what it is. */
  readonly event?: string;
  /** One line. */
  readonly data: string;
}

/** Takes a place for a stream of Server-Sent Events. The signal is aborted when the caller goes away or the server shuts down. */
export function openEventStream(ports: HttpPorts, reply: FastifyReply): AbortSignal {
  if (!ports.eventStreams.take()) throw new RequestError("overloaded", { retryAfterS: BUSY_RETRY_S, params: { seconds: BUSY_RETRY_S } });
  return untilClosed(ports, reply);
}

/** Null is a sign of life. */
export function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<StreamedEvent | null>,
  onError: (error: Error) => void,
): FastifyReply {
  const frames = Readable.from(framesOf(events));
  frames.on("error", onError);
  // Kept for another request, the connection would hold up a server that stops.
  reply.header("connection", "close");
  // Buffering proxies pass on what they have collected, which is late.
  return reply.header("content-type", "text/event-stream").header("x-accel-buffering", "no").send(frames);
}

async function* framesOf(events: AsyncIterable<StreamedEvent | null>): AsyncGenerator<string> {
  // A browser tells its page that the stream is open when the head is there, which goes out with the first byte.
  yield COMMENT;
  for await (const event of events) yield event ? frameOf(event) : COMMENT;
}

const COMMENT = ":\n\n";

function frameOf({ id, event, data }: StreamedEvent): string {
  return `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`;
}

/** The stream's place is free again once its answer is closed. */
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
  // The caller may have left already, and does not leave twice.
  if (reply.raw.closed) release();
  else reply.raw.once("close", release);
  return controller.signal;
}
