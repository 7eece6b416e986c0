import { useMemo } from "react";
import { UNBROKEN } from "#text/messages.ts";
import { useLanguage } from "#text/text.tsx";

/** Numbers, times and sizes as the language writes them; times in the browser's zone. */
export interface Format {
  number(value: number): string;
  /** `Status: Any`; Chinese and Japanese have a colon of their own width. */
  named(name: string, value: string): string;
  /** A text with another in brackets: `1.0.1 (live)` */
  aside(text: string, other: string): string;
  /** Credits come as exact decimal text, or as the wire's number; at most four places are shown. */
  credits(value: string | number): string;
  percent(share: number): string;
  bytes(count: number): string;
  /** `40 ms`, `1.7 s`, `3 min 20 s` */
  duration(ms: number): string;
  /** With its zone. */
  time(epochMs: number): string;
  /** With seconds, for lists of one day. */
  clock(epochMs: number): string;
  date(epochMs: number): string;
  /** `2 min ago`, `in 3 h` */
  relative(epochMs: number, nowMs: number): string;
}

const DAY = { year: "numeric", month: "short", day: "numeric" } as const;

const STEPS = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1_000 },
] as const;

function formatOf(language: string): Format {
  const isWide = /^(?:zh|ja)/.test(language);
  const bound = (text: string) => (isWide ? text.replaceAll(" ", UNBROKEN) : text);
  const number = new Intl.NumberFormat(language);
  // Short, but for bytes: English writes `13 byte` then.
  const unit = (name: string, value: number, digits = 0) =>
    bound(
      new Intl.NumberFormat(language, {
        style: "unit",
        unit: name,
        unitDisplay: name === "byte" ? "long" : "short",
        maximumFractionDigits: digits,
      }).format(value),
    );
  const credits = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { ...DAY, hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  return {
    number: (value) => number.format(value),
    named: (name, value) => (isWide ? `${name}：${value}` : `${name}: ${value}`),
    aside: (text, other) => (isWide ? `${text}（${other}）` : `${text} (${other})`),
    credits: (value) => credits.format(typeof value === "string" ? (value as `${number}`) : value),
    percent: (share) => percent.format(share),
    bytes: (count) => bytesText(count, unit),
    duration: (ms) => durationText(ms, unit),
    time: (epochMs) => time.format(epochMs),
    clock: (epochMs) => clock.format(epochMs),
    date: (epochMs) => date.format(epochMs),
    relative: (epochMs, nowMs) => bound(relativeText(epochMs - nowMs, relative)),
  };
}

type UnitText = (name: string, value: number, digits?: number) => string;

function bytesText(count: number, unit: UnitText): string {
  if (count < 1_000) return unit("byte", count);
  if (count < 1_000_000) return unit("kilobyte", count / 1_000, 1);
  return count < 1_000_000_000 ? unit("megabyte", count / 1_000_000, 1) : unit("gigabyte", count / 1_000_000_000, 1);
}

function durationText(ms: number, unit: UnitText): string {
  if (ms < 1_000) return unit("millisecond", Math.round(ms));
  if (ms < 60_000) return unit("second", ms / 1_000, 1);
  const [larger, smaller] = ms < 3_600_000 ? (["minute", "second"] as const) : (["hour", "minute"] as const);
  const size = larger === "minute" ? 60_000 : 3_600_000;
  const rest = Math.floor((ms % size) / (size / 60));
  const head = unit(larger, Math.floor(ms / size));
  return rest === 0 ? head : `${head} ${unit(smaller, rest)}`;
}

function relativeText(distanceMs: number, relative: Intl.RelativeTimeFormat): string {
  for (const { unit, ms } of STEPS) if (Math.abs(distanceMs) >= ms) return relative.format(Math.trunc(distanceMs / ms), unit);
  return relative.format(0, "second");
}

export function useFormat(): Format {
  const { language } = useLanguage();
  return useMemo(() => formatOf(language), [language]);
}
