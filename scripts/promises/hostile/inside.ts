// Loaded into a server before its own code: tells, over a socket of its own, what nobody can see from outside.
import { createServer } from "node:net";
import { isMainThread } from "node:worker_threads";
import { intrinsicKeys } from "../../../packages/engine/src/expression/testing/intrinsics.ts";

/** What the server's own thread has come to since the last report. */
export interface InsideReport {
  /** Longest stretch for which the event loop was held: time of the processor, so that a busy machine does not count. */
  readonly heldMs: number;
  /** The keys of what everything inherits from are those of the first report. */
  readonly intact: boolean;
}

/** Its value is the folder in which each process of the server has a socket, by its number. */
export const INSIDE_VARIABLE = "PROMISE_INSIDE";

const TICK_MS = 5;

const folder = process.env[INSIDE_VARIABLE];
// Threads of the server load it as well.
if (isMainThread && folder !== undefined) report(`${folder}/${process.pid}`);

function report(path: string): void {
  let held = 0;
  let before = process.threadCpuUsage();
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    held = Math.max(held, (user + system) / 1_000);
    before = process.threadCpuUsage();
  }, TICK_MS).unref();
  let first: string | undefined;
  createServer((socket) => {
    // The tick that measures what was held up to now has to come first.
    setTimeout(() => {
      const keys = JSON.stringify(intrinsicKeys());
      first ??= keys;
      socket.end(JSON.stringify({ heldMs: held, intact: keys === first } satisfies InsideReport));
      held = 0;
    }, 2 * TICK_MS);
  })
    .listen(path)
    .unref();
}
