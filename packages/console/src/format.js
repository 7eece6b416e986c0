// @ts-check
import { h } from "./dom.js";
import { currentLanguage } from "./language.js";

/** Shown where there is nothing to show. */
export const NONE = "–";

/** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} */
const made = new Map();

/** @param {Intl.NumberFormatOptions} options @param {number} value */
function formatNumber(options, value) {
  const name = `${currentLanguage()} ${JSON.stringify(options)}`;
  const format = /** @type {Intl.NumberFormat | undefined} */ (made.get(name)) ?? new Intl.NumberFormat(currentLanguage(), options);
  made.set(name, format);
  return format.format(value);
}

/** @param {Intl.DateTimeFormatOptions} options @param {number} at */
function formatDate(options, at) {
  const name = `${currentLanguage()} ${JSON.stringify(options)}`;
  const format = /** @type {Intl.DateTimeFormat | undefined} */ (made.get(name)) ?? new Intl.DateTimeFormat(currentLanguage(), options);
  made.set(name, format);
  return format.format(at);
}

/** @param {number} value */
export function integer(value) {
  return formatNumber({ maximumFractionDigits: 0 }, value);
}

/** Credits have four places on the wire. @param {number} value */
export function credits(value) {
  return formatNumber({ maximumFractionDigits: 4 }, value);
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** `212 ms`, `1.7 sec`, `3 min 12 sec`, `2 hr 5 min`, in the words of the language. @param {number} ms */
export function duration(ms) {
  const whole = Math.max(0, Math.round(ms));
  if (whole < SECOND_MS) return unit("millisecond", whole);
  if (whole < MINUTE_MS) return unit("second", Math.floor(whole / 100) / 10);
  if (whole < HOUR_MS) return pair(whole, MINUTE_MS, "minute", SECOND_MS, "second");
  return pair(whole, HOUR_MS, "hour", MINUTE_MS, "minute");
}

/** @param {number} ms @param {number} largeMs @param {string} large @param {number} smallMs @param {string} small */
function pair(ms, largeMs, large, smallMs, small) {
  const rest = Math.floor((ms % largeMs) / smallMs);
  const head = unit(large, Math.floor(ms / largeMs));
  return rest === 0 ? head : `${head} ${unit(small, rest)}`;
}

/** @param {string} name @param {number} value */
function unit(name, value) {
  return formatNumber({ style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 1 }, value);
}

/** `32 kB`: 1000 bytes each, as the disk tools count. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1_000) return unit("byte", bytes);
  return bytes < 1_000_000 ? unit("kilobyte", bytes / 1_000) : unit("megabyte", bytes / 1_000_000);
}

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** @param {number} at epoch ms @param {number} [now] */
export function timeText(at, now = Date.now()) {
  const [day, today] = [new Date(at), new Date(now)];
  if (day.toDateString() === today.toDateString()) return formatDate(CLOCK, at);
  return formatDate(day.getFullYear() === today.getFullYear() ? DAY : { ...DAY, year: "numeric" }, at);
}

/** A local time; the exact one, in ISO 8601, when pointed at. @param {number | undefined} at epoch ms */
export function time(at) {
  if (at === undefined) return h("span", { class: "none" }, NONE);
  const iso = new Date(at).toISOString();
  return h("time", { datetime: iso, title: iso }, timeText(at));
}

/** Date and time to the millisecond. @param {number | undefined} at epoch ms */
export function exactTime(at) {
  if (at === undefined) return h("span", { class: "none" }, NONE);
  const iso = new Date(at).toISOString();
  return h(
    "time",
    { datetime: iso, title: iso },
    formatDate({ ...CLOCK, year: "numeric", month: "short", day: "numeric", fractionalSecondDigits: 3 }, at),
  );
}

/** The ends of an id tell it apart; the whole is in the tooltip. @param {string} id */
export function shortId(id) {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}
