import { EventStreamReader } from "#event-stream";
import { ask, backoffMs, needsMillrace, pause, type TransportOptions } from "#transport";
import type { RunEvent } from "#wire";

export interface EventsOptions {
  /** Id of the last event seen; default: from the beginning. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** The first new connection comes quickly, for a server that has just started anew; later ones are rare. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Every event of a run, once and in order, over as many connections as it takes; what is shown in pieces, as far as it is heard. */
export async function* followRun(
  transport: TransportOptions,
  workflowRunId: string,
  headers: { readonly [name: string]: string },
  { after, signal }: EventsOptions,
): AsyncGenerator<RunEvent> {
  needsMillrace(transport, "following a run");
  const path = `/v1/workflow/run/${encodeURIComponent(workflowRunId)}/events`;
  let seen = after;
  for (let quiet = 0; ; quiet++) {
    const last = seen === undefined ? {} : { "Last-Event-ID": String(seen) };
    const answer = await ask(transport, { path, headers: { ...headers, ...last }, safe: true, signal });
    if (!answer.body) return;
    for await (const event of eventsOf(answer.body, signal)) {
      quiet = 0;
      seen = event.id ?? seen;
      yield event;
      if (event.event === "run.finished") return;
    }
    await pause(backoffMs(quiet, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), signal);
  }
}

/** Ends where the connection does, however it does; throws only the signal's reason. */
async function* eventsOf(body: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<RunEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const stream = new EventStreamReader();
  try {
    for (;;) {
      const chunk = await reader.read().catch(() => null);
      signal?.throwIfAborted();
      if (!chunk?.value) return;
      for (const { data, ...event } of stream.push(decoder.decode(chunk.value, { stream: true })))
        yield { ...event, data: JSON.parse(data) } as RunEvent;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
