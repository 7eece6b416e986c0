import { useSyncExternalStore } from "react";
import type { DraftRunState, DraftRuns } from "#pages/editor/run/draft-runs.ts";

export function useDraftRun(runs: DraftRuns): DraftRunState {
  return useSyncExternalStore(runs.subscribe, runs.get);
}
