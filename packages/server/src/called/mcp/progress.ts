import type { JsonObject } from "@millrace/contract";
import type { RunEvent } from "#runs/follow-run";

/** A message on a stream of the protocol; null is a sign of life. */
export type StreamedMessage = { readonly event: "message"; readonly data: string } | null;

/** What the caller gave to tell the progress of this call from that of others. */
export type ProgressToken = string | number;

/**
 * The events of a run as progress notifications, and the answer of the call as the last message.
 * `answer`: the run has ended, or (false) is not followed to its end.
 */
export async function* progressOf(
  events: AsyncIterable<RunEvent | null>,
  token: ProgressToken,
  answer: (ended: boolean) => Promise<JsonObject>,
): AsyncGenerator<StreamedMessage> {
  let progress = 0;
  let ended = false;
  for await (const event of events) {
    if (event?.event === "run.finished") ended = true;
    else if (event === null) yield null;
    else if (event.id !== undefined) yield message(notification(token, ++progress, described(event)));
  }
  yield message(await answer(ended));
}

function notification(progressToken: ProgressToken, progress: number, text: string): JsonObject {
  return { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress, message: text } };
}

function described({ event, data }: RunEvent): string {
  const { nodeName } = JSON.parse(data) as { readonly nodeName?: string };
  return nodeName === undefined ? event : `${event} ${nodeName}`;
}

const message = (data: JsonObject): StreamedMessage => ({ event: "message", data: JSON.stringify(data) });
