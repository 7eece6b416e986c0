/** One Server-Sent Event, as this server writes them. */
export interface ServerSentEvent {
  /** Absent: the event is not sent again, so nobody comes back after it. */
  readonly id?: number;
  readonly event: string;
  readonly data: string;
}

/** Reads the events of a stream as its text arrives. Comments are no events, nor is what is not whole yet. */
export class EventStreamReader {
  #rest = "";

  push(text: string): ServerSentEvent[] {
    const isWhole = (this.#rest.slice(-1) + text).includes("\n\n");
    this.#rest += text;
    // A large event comes in many pieces, and is looked through once.
    if (!isWhole) return [];
    const frames = this.#rest.split("\n\n");
    this.#rest = frames.pop() ?? "";
    return frames.flatMap(read);
  }
}

function read(frame: string): ServerSentEvent[] {
  const [, id, event, data] = /^(?:id: (\d+)\n)?event: ([a-z.]+)\ndata: (.*)$/.exec(frame) ?? [];
  return event === undefined || data === undefined ? [] : [{ ...(id !== undefined && { id: Number(id) }), event, data }];
}
