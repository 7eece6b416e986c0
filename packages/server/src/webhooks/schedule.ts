const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Wait before each attempt, counted from the end of the one before. */
export const WAITS_MS = [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;

/** So much is added at most, and nothing taken away: receivers that failed together are not tried again together. */
const JITTER = 0.1;

/** The wait after so many attempts; null: there were enough. `chance` lies in [0, 1). */
export function waitAfter(attempts: number, chance: number): number | null {
  const wait = WAITS_MS[attempts];
  return wait === undefined ? null : wait + Math.floor(wait * JITTER * chance);
}
