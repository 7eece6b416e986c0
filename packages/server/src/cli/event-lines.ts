export interface ReceivedEvent {
  readonly event: string;
  readonly data: string;
}

/** Server-Sent Events, as this server writes them, from text that comes in pieces; null is a sign of life. */
export async function* readEvents(pieces: AsyncIterable<string>): AsyncGenerator<ReceivedEvent | null> {
  let rest = "";
  for await (const piece of pieces) {
    const isWhole = (rest.slice(-1) + piece).includes("\n\n");
    rest += piece;
    // A large event comes in many pieces, and is looked through once.
    if (!isWhole) continue;
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) yield eventOf(frame);
  }
}

function eventOf(frame: string): ReceivedEvent | null {
  const [, event, data] = /^event: (.*)\ndata: (.*)$/m.exec(frame) ?? [];
  return event === undefined || data === undefined ? null : { event, data };
}
