import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "#cli/cli-error";
import { openStream } from "#cli/client";
import type { CliContext } from "#cli/context";
import { type ReceivedEvent, readEvents } from "#cli/event-lines";
import { EXIT } from "#cli/exit-codes";

const PAUSE_MS = 1_000;

/** The events of a stream for as long as the command runs: one that ends is opened again. Throws where it can never be opened. */
export async function* listenAgain(context: CliContext, path: string, opened: () => void): AsyncGenerator<ReceivedEvent> {
  let pieces = await openStream(context, path);
  for (;;) {
    opened();
    yield* eventsOf(pieces);
    context.output.note("  The connection is lost; what is delivered until it is there again is not shown");
    pieces = await reopened(context, path);
  }
}

/** Ends where the connection does, however it does. */
async function* eventsOf(pieces: AsyncIterable<string>): AsyncGenerator<ReceivedEvent> {
  const events = readEvents(pieces)[Symbol.asyncIterator]();
  for (;;) {
    const next = await events.next().catch(() => null);
    if (next === null || next.done) return;
    if (next.value) yield next.value;
  }
}

async function reopened(context: CliContext, path: string): Promise<AsyncIterable<string>> {
  for (;;) {
    await sleep(PAUSE_MS);
    try {
      return await openStream(context, path);
    } catch (error) {
      // A server that cannot be reached, or is just starting or stopping, comes back; one that refuses does not.
      if (!(error instanceof CliError) || error.exitCode !== EXIT.unknown) throw error;
    }
  }
}
