import type { Json } from "@millrace/contract";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { type ReadTime, readTime, writeTime } from "#expression/functions/date-pattern";
import { any, optional, string } from "#expression/functions/parameter";
import { define, type FunctionRow } from "#expression/functions/row";
import { type CivilTime, checkTime, civilOf, offsetAt, timeIn, utcOf } from "#expression/functions/time-zone";
import { describe, INTEGER, STRING } from "#value/types";

/** A clock of a zone is asked up to four times. */
const DATE_COST = 100;

const FORMAT_DOC =
  "A date (ms, or a text that parseDate reads) in a pattern: YYYY MM DD HH mm ss SSS, MMMM, dddd, h A, Z, [literal]; UTC and ISO 8601 without.";
const PARSE_DOC =
  "The ms since 1970 of a date: ISO 8601, RFC 2822, or a text in `pattern`; without a zone in the text, in `timeZone` (UTC).";

export const DATE_FUNCTIONS: readonly FunctionRow[] = [
  define(
    "parseDate",
    [any("date"), optional(string("pattern")), optional(string("timeZone"))],
    INTEGER,
    PARSE_DOC,
    ([date, pattern, zone], meter) => parseDate(date, pattern, zone, meter),
    {
      cost: DATE_COST,
    },
  ),
  define(
    "formatDate",
    [any("date"), optional(string("pattern")), optional(string("timeZone"))],
    STRING,
    FORMAT_DOC,
    ([date, pattern, zone], meter) => formatDate(date, pattern, zone, meter),
    {
      cost: DATE_COST,
    },
  ),
];

function parseDate(date: Json, pattern: string | null, zone: string | null, meter: Meter): number | null {
  if (date === null) return null;
  if (typeof date === "number") return checkTime(date);
  if (typeof date !== "string") throw fault("bad_argument", `"date" must be ms since 1970 or a text, not ${describe(date)}.`);
  meter.scan(date.length);
  const time = readDate(date, pattern, zone ?? "UTC");
  if (time === null)
    throw fault("bad_input", pattern === null ? "The text is not a date; give its pattern." : "The text is not a date in this pattern.");
  return checkTime(time);
}

/** The ms since 1970 of a text; without a pattern ISO 8601 or RFC 2822. Null: it is no date. */
export function readDate(text: string, pattern: string | null = null, zone = "UTC"): number | null {
  const read = pattern === null ? readKnown(text.trim()) : readTime(pattern, text.trim());
  return read === null ? null : timeOf(read, zone);
}

function formatDate(date: Json, pattern: string | null, zone: string | null, meter: Meter): string | null {
  const time = parseDate(date, null, zone, meter);
  if (time === null) return null;
  const offset = offsetAt(time, zone ?? "UTC");
  const civil = civilOf(time + offset);
  const weekday = new Date(time + offset).getUTCDay();
  return writeTime(pattern ?? (zone === null ? "YYYY-MM-DD[T]HH:mm:ss.SSS[Z]" : "YYYY-MM-DD[T]HH:mm:ss.SSSZ"), {
    ...civil,
    weekday,
    time,
    offset,
  });
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i;
const RFC_2822 = /^(?:[a-z]{3},\s)?(\d{1,2})\s([a-z]{3})\s(\d{4})\s(\d{2}:\d{2})(?::(\d{2}))?\s(GMT|UTC?|Z|[+-]\d{4})$/i;

function readKnown(text: string): ReadTime | null {
  const [iso, day, clock = "00:00", second = "00", fraction = "0", zone = ""] = ISO.exec(text) ?? [];
  if (iso !== undefined) {
    const read = readTime(`YYYY-MM-DD HH:mm:ss${zone === "" ? "" : "Z"}`, `${day} ${clock}:${second}${zone}`);
    return read === null ? null : { ...read, millisecond: Math.floor(Number(`0.${fraction}`) * 1000) };
  }
  const [rfc, date, month, year, time, seconds = "00", offset = ""] = RFC_2822.exec(text) ?? [];
  if (rfc === undefined) return null;
  return readTime("D MMM YYYY HH:mm:ssZ", `${date} ${month} ${year} ${time}:${seconds}${/^[a-z]/i.test(offset) ? "Z" : offset}`);
}

const EARLIEST: CivilTime = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };

/** Null where the fields are no date: month 13, 30 February, 25 o'clock. */
function timeOf(read: ReadTime, zone: string): number | null {
  if (read.time !== undefined) return read.time;
  const { offset, afternoon, time: _, ...fields } = read;
  const civil = { ...EARLIEST, ...fields, hour: hourOf(fields.hour ?? 0, afternoon) };
  const asUtc = utcOf(civil);
  if (Number.isNaN(asUtc) || !sameCivil(civilOf(asUtc), civil) || Number.isNaN(offset)) return null;
  return offset === undefined ? timeIn(civil, zone) : asUtc - offset;
}

/** 12 AM is midnight, 12 PM noon; an hour beyond 12 with AM or PM is none. */
function hourOf(hour: number, afternoon: boolean | undefined): number {
  if (afternoon === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (afternoon ? 12 : 0);
}

function sameCivil(a: CivilTime, b: CivilTime): boolean {
  return (
    a.year === b.year &&
    a.month === b.month &&
    a.day === b.day &&
    a.hour === b.hour &&
    a.minute === b.minute &&
    a.second === b.second &&
    a.millisecond === b.millisecond
  );
}
