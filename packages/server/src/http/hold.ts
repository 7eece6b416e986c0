import type { Clock } from "#clock";
import type { RunHandle } from "#runtime/runtime";
import type { RunContents } from "#store/store";

/** The run's end, or null once the hold is over. The run goes on either way: waiting owns nothing. */
export function withinHold(handle: RunHandle, holdMs: number, clock: Clock, closing: AbortSignal): Promise<RunContents | null> {
  if (handle.result) return Promise.resolve(handle.result);
  return new Promise((resolve) => {
    const release = () => {
      stop();
      closing.removeEventListener("abort", release);
      resolve(handle.result);
    };
    const stop = clock.at(clock.now() + holdMs, release);
    closing.addEventListener("abort", release, { once: true });
    void handle.ended.then(release);
    if (closing.aborted) release();
  });
}
