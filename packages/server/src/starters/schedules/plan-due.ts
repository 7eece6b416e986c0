import { LIMITS } from "@millrace/contract";
import { DueTimes } from "#starters/schedules/due-times";
import type { DueSchedule } from "#store/schedule-store";

/** A due time that is seen to later than this was missed. Timers are late by a minute at most, where the clock is put forward. */
export const MISSED_AFTER_MS = 2 * 60 * 1_000;

export interface PlannedDue {
  /** The due time that starts a run now; null: none does. */
  readonly start: number | null;
  /** When the schedule is due after that; in the past where more is to be made up for. null: never. */
  readonly next: number | null;
}

/** What a schedule that is due does now, by its catch-up rule. */
export function planDue({ cron, timeZone, catchUp, dueAt }: DueSchedule, now: number): PlannedDue {
  const times = new DueTimes(cron, timeZone);
  const passed = times.between(dueAt, now, catchUp === "all" ? LIMITS.catchUpRuns.value : 1);
  const [first = null, second] = passed;
  const later = times.after(now);
  if (first === null) return { start: null, next: later };
  const isMissed = now - first > MISSED_AFTER_MS;
  return { start: catchUp === "none" && isMissed ? null : first, next: second ?? later };
}
