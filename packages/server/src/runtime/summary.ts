import { isPaused, nextTimerAt, pauseOf, type RunState, roundCredits } from "@millrace/engine";
import type { NewRun, RunContents, RunSummary, Sleep } from "#store/store";

/** What a state amounts to, for the run's row. */
export function summaryOf(state: RunState): RunSummary {
  const { finished, startedAt, acceptedAt } = state;
  const endedAt = finished?.at ?? null;
  // A run that ended before it started began and ended in the same instant.
  const began = startedAt ?? (endedAt === null ? null : endedAt);
  return {
    status: finished?.status ?? (startedAt === null ? "PENDING" : "RUNNING"),
    startedAt: began === null ? null : Math.max(began, acceptedAt),
    endedAt,
    executionMs: endedAt === null || began === null ? 0 : endedAt - began - state.pausedMs,
    totalCost: finished?.totalCost ?? roundCredits(state.totals.credits),
    totalTokens: finished?.totalTokens ?? state.totals.tokens,
    errorType: finished?.error?.type ?? null,
  };
}

/** The run as a reader of the store would see it, from the state in memory. */
export function contentsOf(run: Omit<NewRun, "owner">, state: RunState): RunContents {
  return { ...run, ...summaryOf(state), input: state.run.input, output: state.finished?.output ?? null, error: wireError(state) };
}

/** Only what the wire names; what the engine keeps beside it stays here. */
function wireError(state: RunState): RunContents["error"] {
  const error = state.finished?.error;
  if (!error) return null;
  const { code, type, message, nodeId, nodeName } = error;
  return { code, type, message, ...(nodeId !== undefined && { nodeId }), ...(nodeName !== undefined && { nodeName }) };
}

/**
 * How a run sleeps that does nothing but wait; null: it has something to do. One that another run waits for stays awake with it: when that
 * one has ended in a crash, the next start is to find it.
 */
export function sleepOf(state: RunState): Sleep | null {
  if (state.run.caller) return null;
  return isPaused(state) ? { until: nextTimerAt(state), pause: pauseOf(state) } : null;
}
