import type { DecideLimits } from "@millrace/engine";

/** L7. The engine looks at all that a run has under way for each that completes. */
const MOST_OPERATIONS = 128;

/** Beside attempts: the message that may come, the next timer, the run's turn, and what writes the journal. */
const MOST_ATTEMPTS = MOST_OPERATIONS - 4;

/** Longer than code takes, or a call of something near. What takes longer costs the engine one thing more to record. */
const BRIEF_MS = 60;

/** Short enough for whoever cancels a run that one brief attempt after the other keeps from hearing of it. */
const QUIET_MS = 250;

/** What a run that the engine drives goes by. They go to the engine with the run: every life of it decides the same, whatever its process is told. */
export interface HostedLimits extends DecideLimits {
  /**
   * So long (ms) a run that has begun has neither a timer in the engine nor an ear for what it is told, as long as its attempts are over soon:
   * most end before they need one, and each costs the engine as much as a node does.
   */
  readonly quietMs: number;
  /** An attempt of such a run that is not over after so long (ms) says so, and the run is quiet no longer. */
  readonly briefMs: number;
}

/**
 * From what the server is told. An attempt that waits for one of the places is under way in the engine as well: more of them than places only
 * cost time, also of other runs.
 */
export function hostedLimits({ concurrency = MOST_ATTEMPTS, ...limits }: DecideLimits, places: number): HostedLimits {
  return { ...limits, concurrency: Math.min(concurrency, places, MOST_ATTEMPTS), quietMs: QUIET_MS, briefMs: BRIEF_MS };
}
