import type { BudgetPeriod } from "#store/budget-store";

/** The part of time that a budget is for now. */
export interface Window {
  readonly from: number;
  /** When the next one begins; null: there is none. */
  readonly resetsAt: number | null;
}

const DAY_MS = 86_400_000;

/** Both epoch ms. */
export function windowOf(period: BudgetPeriod, timeZone: string, now: number): Window {
  if (period === "total") return { from: 0, resetsAt: null };
  const { year, month, day } = localDate(timeZone, now);
  return period === "day"
    ? { from: beginOfDay(timeZone, year, month, day), resetsAt: beginOfDay(timeZone, year, month, day + 1) }
    : { from: beginOfDay(timeZone, year, month, 1), resetsAt: beginOfDay(timeZone, year, month + 1, 1) };
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** `2026-11-27`, where the moment is in the zone. */
export function dayText(timeZone: string, at: number): string {
  const { year, month, day } = localDate(timeZone, at);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The first moment of a day; days and months that are too many run over, as in Date.UTC. Some days begin at one o'clock. */
function beginOfDay(timeZone: string, year: number, month: number, day: number): number {
  const utc = Date.UTC(year, month - 1, day);
  const wanted = new Date(utc).getUTCDate();
  // The clock may be put forward or back at midnight: one of the offsets around it leads there.
  const candidates = [utc - offsetAt(timeZone, utc - DAY_MS), utc - offsetAt(timeZone, utc + DAY_MS)].sort((a, b) => a - b);
  return candidates.find((at) => localDate(timeZone, at).day === wanted) ?? utc;
}

function offsetAt(timeZone: string, at: number): number {
  const { year, month, day, hour, minute, second } = localDate(timeZone, at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - at + (at % 1_000);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", calendar: "gregory", ...numeric });
  formats.set(timeZone, format);
  return format;
}

function localDate(timeZone: string, at: number) {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}
