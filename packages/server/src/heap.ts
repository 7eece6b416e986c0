import { setFlagsFromString } from "node:v8";

/**
 * Suits V8's heap to a server whose runs are many and short, where its defaults allocate as if much of it stayed. Each flag is read whenever
 * it matters, so that it may be set in a process that runs; the figures were measured with 64 callers. The young generation may grow: after
 * `forgetStart` it has its least size, in which the garbage of a dozen runs has no room, and collecting it all the time took a third of the thread.
 */
export function expectShortLives(): void {
  for (const flag of [
    // What is in flight while a server warms up outlives a few collections, from which V8 concludes that objects made at those places are
    // better made among the old ones: then every run ends there, and collecting them took a quarter of the time.
    "--no-allocation-site-pretenuring",
    // Nearly nothing is left to copy: waking helpers for it costs more than copying, 5 % of a run.
    "--no-parallel-scavenge",
  ])
    setFlagsFromString(flag);
}

/**
 * Gives back what the start has left behind in this thread: programs as text, and what was needed to read them, 9 MB of a server that has
 * nothing to do and 3 of its thread that writes. V8 does that by itself only when much is allocated. Takes some tens of ms of the thread.
 */
export function forgetStart(warn: (fields: { readonly err: unknown }, message: string) => void): void {
  collectGarbage().catch((error: unknown) => warn({ err: error }, "what the start left in memory stays there"));
}

async function collectGarbage(): Promise<void> {
  // Read here: it is no part of the start.
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.collectGarbage");
  } finally {
    session.disconnect();
  }
}
