import { fault } from "#expression/errors";
import { type CivilTime, fixedOffset } from "#expression/functions/time-zone";

/** Longer ones are not patterns; matching a pattern costs its length squared at worst. */
export const MAX_PATTERN_LENGTH = 100;

const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

export interface WrittenTime extends CivilTime {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Epoch ms, and the zone's offset at that time in ms. */
  readonly time: number;
  readonly offset: number;
}

const WRITERS: { readonly [token: string]: (t: WrittenTime) => string } = {
  YYYY: (t) => pad(t.year, 4),
  YY: (t) => pad(t.year % 100, 2),
  MMMM: (t) => MONTHS[t.month - 1] ?? "",
  MMM: (t) => (MONTHS[t.month - 1] ?? "").slice(0, 3),
  MM: (t) => pad(t.month, 2),
  M: (t) => String(t.month),
  DD: (t) => pad(t.day, 2),
  D: (t) => String(t.day),
  dddd: (t) => DAYS[t.weekday] ?? "",
  ddd: (t) => (DAYS[t.weekday] ?? "").slice(0, 3),
  HH: (t) => pad(t.hour, 2),
  H: (t) => String(t.hour),
  hh: (t) => pad(hour12(t.hour), 2),
  h: (t) => String(hour12(t.hour)),
  mm: (t) => pad(t.minute, 2),
  m: (t) => String(t.minute),
  ss: (t) => pad(t.second, 2),
  s: (t) => String(t.second),
  SSS: (t) => pad(t.millisecond, 3),
  A: (t) => (t.hour < 12 ? "AM" : "PM"),
  a: (t) => (t.hour < 12 ? "am" : "pm"),
  ZZ: (t) => offsetText(t.offset, ""),
  Z: (t) => offsetText(t.offset, ":"),
  X: (t) => String(Math.floor(t.time / 1000)),
  x: (t) => String(t.time),
};

interface Piece {
  /** A key of WRITERS, or null: literal text. */
  readonly token: string | null;
  readonly text: string;
}

const PIECE = /\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|mm|m|ss|s|SSS|A|a|ZZ|Z|X|x|[\s\S]/g;

function piecesOf(pattern: string): readonly Piece[] {
  if (pattern.length > MAX_PATTERN_LENGTH) throw fault("bad_argument", `A date pattern has at most ${MAX_PATTERN_LENGTH} characters.`);
  return [...pattern.matchAll(PIECE)].map(([whole, literal]) => {
    if (literal !== undefined) return { token: null, text: literal };
    return Object.hasOwn(WRITERS, whole) ? { token: whole, text: whole } : { token: null, text: whole };
  });
}

export function writeTime(pattern: string, time: WrittenTime): string {
  return piecesOf(pattern)
    .map((piece) => (piece.token === null ? piece.text : (WRITERS[piece.token]?.(time) ?? "")))
    .join("");
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

function hour12(hour: number): number {
  return hour % 12 === 0 ? 12 : hour % 12;
}

function offsetText(offset: number, separator: string): string {
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60), 2)}${separator}${pad(minutes % 60, 2)}`;
}

/** What was read: only the fields that the pattern has. `offset` in ms; `time` in epoch ms settles everything. */
export interface ReadTime extends Partial<CivilTime> {
  readonly offset?: number;
  readonly time?: number;
  readonly afternoon?: boolean;
}

type Reader = readonly [form: RegExp, take: (text: string) => ReadTime];

const READERS: { readonly [token: string]: Reader } = {
  YYYY: [/^\d{4}/, (text) => ({ year: Number(text) })],
  YY: [/^\d{2}/, (text) => ({ year: 2000 + Number(text) })],
  MMMM: [new RegExp(`^(?:${MONTHS.join("|")})`, "i"), (text) => ({ month: monthOf(text) })],
  MMM: [/^[a-z]{3}/i, (text) => ({ month: monthOf(text) })],
  MM: [/^\d{2}/, (text) => ({ month: Number(text) })],
  M: [/^\d{1,2}/, (text) => ({ month: Number(text) })],
  DD: [/^\d{2}/, (text) => ({ day: Number(text) })],
  D: [/^\d{1,2}/, (text) => ({ day: Number(text) })],
  dddd: [new RegExp(`^(?:${DAYS.join("|")})`, "i"), () => ({})],
  ddd: [/^[a-z]{3}/i, () => ({})],
  HH: [/^\d{2}/, (text) => ({ hour: Number(text) })],
  H: [/^\d{1,2}/, (text) => ({ hour: Number(text) })],
  hh: [/^\d{2}/, (text) => ({ hour: Number(text) })],
  h: [/^\d{1,2}/, (text) => ({ hour: Number(text) })],
  mm: [/^\d{2}/, (text) => ({ minute: Number(text) })],
  m: [/^\d{1,2}/, (text) => ({ minute: Number(text) })],
  ss: [/^\d{2}/, (text) => ({ second: Number(text) })],
  s: [/^\d{1,2}/, (text) => ({ second: Number(text) })],
  SSS: [/^\d{3}/, (text) => ({ millisecond: Number(text) })],
  A: [/^[ap]m/i, (text) => ({ afternoon: /p/i.test(text) })],
  a: [/^[ap]m/i, (text) => ({ afternoon: /p/i.test(text) })],
  ZZ: [/^[+-]\d{2}:?\d{2}/, (text) => ({ offset: fixedOffset(text) ?? Number.NaN })],
  Z: [/^(?:Z|[+-]\d{2}:?\d{2})/i, (text) => ({ offset: /z/i.test(text) ? 0 : (fixedOffset(text) ?? Number.NaN) })],
  X: [/^-?\d{1,12}/, (text) => ({ time: Number(text) * 1000 })],
  x: [/^-?\d{1,15}/, (text) => ({ time: Number(text) })],
};

function monthOf(text: string): number {
  return MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()) + 1;
}

/** The fields that the whole text gives by the pattern, or null where it does not fit. */
export function readTime(pattern: string, text: string): ReadTime | null {
  let rest = text;
  let read: ReadTime = {};
  for (const piece of piecesOf(pattern)) {
    const found = piece.token === null ? literalAt(rest, piece.text) : READERS[piece.token]?.[0].exec(rest)?.[0];
    if (found === undefined) return null;
    if (piece.token !== null) read = { ...read, ...READERS[piece.token]?.[1](found) };
    rest = rest.slice(found.length);
  }
  return rest === "" ? read : null;
}

function literalAt(text: string, literal: string): string | undefined {
  return text.startsWith(literal) ? literal : undefined;
}
