/** What the server tells of: of some a part of what changed comes along (see `GET /api/v1/events`). */
const EVENT_KINDS = [
  "reload",
  "run",
  "workflow",
  "approval",
  "delivery",
  "job",
  "key",
  "schedule",
  "request",
  "alert",
  "knowledge",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Told {
  /** Of the run, workflow, job, key, alert or knowledge base. */
  readonly id?: string;
  /** Of the run that an approval or a delivery belongs to. */
  readonly runId?: string;
}

/** Wait before a stream is opened anew that the browser has given up. */
const AGAIN_MS = 3_000;

/**
 * Follows what changes on the server. A connection that breaks is taken up again by the browser, which says what it saw last.
 * @param heard also told when there is a stream (`connected`), when it broke (`lost`), and when the server gave none (`refused`)
 * @returns the way to stop
 */
export function followServer(heard: (kind: EventKind | "connected" | "lost" | "refused", told: Told) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source = open();
  function open(): EventSource {
    const next = new EventSource("/api/v1/events");
    for (const kind of EVENT_KINDS) next.addEventListener(kind, ({ data }) => heard(kind, JSON.parse(data as string) as Told));
    // The server's own first event has this name too.
    next.addEventListener("open", (event) => !(event instanceof MessageEvent) && heard("connected", {}));
    next.addEventListener("error", () => {
      if (next.readyState !== EventSource.CLOSED) return heard("lost", {});
      heard("refused", {});
      timer = setTimeout(() => {
        source = open();
      }, AGAIN_MS);
    });
    return next;
  }
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
