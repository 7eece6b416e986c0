import { fault } from "#expression/errors";

/** A date and time of day without a zone. `month` is 1 to 12. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** 0001-01-02 and 9999-12-31 in UTC: four digits of a year are enough on the clocks of every zone. */
const MIN_TIME = -62_135_510_400_000;
const MAX_TIME = 253_402_214_400_000;

export function checkTime(time: number): number {
  if (Number.isInteger(time) && time >= MIN_TIME && time <= MAX_TIME) return time;
  throw fault("bad_argument", "A date must be whole milliseconds since 1970, from 0001-01-02 to 9999-12-31.");
}

/** Epoch ms of a civil time read as UTC. `Date.UTC` takes years below 100 for 19xx, so the year is set by itself. */
export function utcOf(civil: CivilTime): number {
  const date = new Date(0);
  date.setUTCFullYear(civil.year, civil.month - 1, civil.day);
  date.setUTCHours(civil.hour, civil.minute, civil.second, civil.millisecond);
  return date.getTime();
}

/** The civil time of an epoch time that has been moved by a zone's offset. */
export function civilOf(shifted: number): CivilTime {
  const date = new Date(shifted);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

const FIXED_OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

/** "+08:00" in ms; null where the text is no such offset. */
export function fixedOffset(text: string): number | null {
  const [, sign, hours, minutes] = FIXED_OFFSET.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** How far the zone's clocks are ahead of UTC at `time`, in ms. */
export function offsetAt(time: number, zone: string): number {
  if (zone === "UTC") return 0;
  const fixed = fixedOffset(zone);
  if (fixed !== null) return fixed;
  const whole = Math.floor(time / 1000) * 1000;
  return utcOf(partsOf(formatOf(zone).formatToParts(whole))) - whole;
}

/** Epoch ms of a civil time in a zone. A time that a clock change skips is read with the offset before it, one that comes twice as the first. */
export function timeIn(civil: CivilTime, zone: string): number {
  const asUtc = utcOf(civil);
  const before = offsetAt(asUtc - DAY_MS, zone);
  const after = offsetAt(asUtc + DAY_MS, zone);
  for (const offset of [before, after]) {
    if (offsetAt(asUtc - offset, zone) === offset) return asUtc - offset;
  }
  return asUtc - before;
}

const DAY_MS = 86_400_000;

function partsOf(parts: readonly Intl.DateTimeFormatPart[]): CivilTime {
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return {
    year: of("year"),
    month: of("month"),
    day: of("day"),
    hour: of("hour"),
    minute: of("minute"),
    second: of("second"),
    millisecond: 0,
  };
}

/** Making a formatter takes some 50 µs; a process uses few zones. Names come from workflows and data, so the number kept is bounded. */
const MAX_FORMATS = 64;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = makeFormat(zone);
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(zone, made);
  return made;
}

function makeFormat(zone: string): Intl.DateTimeFormat {
  try {
    const numeric = "numeric";
    const clock = { hour: numeric, minute: numeric, second: numeric, hourCycle: "h23" } as const;
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "gregory", year: numeric, month: numeric, day: numeric, ...clock });
  } catch {
    throw fault("bad_argument", 'The time zone is not known; write a name such as "Asia/Tokyo", "UTC" or "+09:00".');
  }
}
