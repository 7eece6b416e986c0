// What the tab's one stream tells of runs, for whoever follows one beside the cache of queries.

type Heard = (runId: string | null) => void;

const listeners = new Set<Heard>();

/** null: any run may have changed. */
export function tellOfRun(runId: string | null): void {
  for (const heard of listeners) heard(runId);
}

/** Without a word for so long the run is looked at all the same: there may be no stream. */
const SILENCE_MS = 2_000;

export interface RunNews {
  /** Resolves when the run has changed since the last time that this did. */
  changed(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Listens from now on, so that nothing is missed between a look at the run and the wait for its next change. */
export function listenToRun(runId: string): RunNews {
  let isDue = false;
  let wake = (): void => undefined;
  const heard: Heard = (id) => {
    if (id !== null && id !== runId) return;
    isDue = true;
    wake();
  };
  listeners.add(heard);
  return {
    changed: async (signal) => {
      if (!isDue) await new Promise<void>((resolve) => waitFor(resolve, signal, (woken) => (wake = woken)));
      isDue = false;
      signal.throwIfAborted();
    },
    close: () => listeners.delete(heard),
  };
}

function waitFor(resolve: () => void, signal: AbortSignal, onWake: (woken: () => void) => void): void {
  const end = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    resolve();
  };
  const timer = setTimeout(end, SILENCE_MS);
  signal.addEventListener("abort", end);
  onWake(end);
}
