import type { Json } from "@millrace/contract";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import { integer, number, optional, type Parameter, rest, string, text, type Values } from "#expression/functions/parameter";
import { define, type FunctionRow, onReceiver } from "#expression/functions/row";
import { arrayOf, BOOLEAN, INTEGER, STRING, type ValueType } from "#value/types";

/** A method of strings. The receiver is read at least once, which costs its length. */
function method<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  returns: ValueType,
  doc: string,
  body: (args: [string, ...Values<P>], meter: Meter) => Json,
): FunctionRow {
  const row = define(name, [string("self"), ...parameters] as const, returns, doc, (args, meter) => {
    meter.scan(args[0].length);
    // The same tuple in the words of this signature: the compiler does not see through the spread of a generic one.
    return body(args as unknown as [string, ...Values<P>], meter);
  });
  return onReceiver(row, "string");
}

export const TEXT_METHODS: readonly FunctionRow[] = [
  method(
    "at",
    [integer("index")],
    STRING,
    "The character at `index`; a negative one counts from the end; null beyond.",
    ([self, index]) => self.at(index) ?? null,
  ),
  method("charAt", [integer("index")], STRING, 'The character at `index`, "" beyond.', ([self, index]) => self.charAt(index)),
  method(
    "codePointAt",
    [integer("index")],
    INTEGER,
    "The Unicode code point at `index`, null beyond.",
    ([self, index]) => self.codePointAt(index) ?? null,
  ),
  method("concat", [rest(text("texts"))], STRING, "The text with others behind it.", ([self, others], meter) =>
    joined([self, ...others], "", meter),
  ),
  method("endsWith", [string("search")], BOOLEAN, "Does the text end with `search`?", ([self, search]) => self.endsWith(search)),
  method("includes", [string("search"), optional(integer("from"))], BOOLEAN, "Does the text contain `search`?", ([self, search, from]) =>
    self.includes(search, from ?? 0),
  ),
  method(
    "indexOf",
    [string("search"), optional(integer("from"))],
    INTEGER,
    "Where `search` first begins, −1 if nowhere.",
    ([self, search, from]) => self.indexOf(search, from ?? 0),
  ),
  method("lastIndexOf", [string("search")], INTEGER, "Where `search` last begins, −1 if nowhere.", ([self, search]) =>
    self.lastIndexOf(search),
  ),
  method(
    "normalize",
    [optional(string("form"))],
    STRING,
    'The text in Unicode form "NFC" (default), "NFD", "NFKC" or "NFKD".',
    ([self, form], meter) => normalized(self, form ?? "NFC", meter),
  ),
  method(
    "padEnd",
    [integer("length"), optional(string("fill"))],
    STRING,
    "Filled at the end up to `length` characters.",
    ([self, length, fill], meter) => self + padding(self, length, fill, meter),
  ),
  method(
    "padStart",
    [integer("length"), optional(string("fill"))],
    STRING,
    "Filled at the start up to `length` characters.",
    ([self, length, fill], meter) => padding(self, length, fill, meter) + self,
  ),
  method("repeat", [integer("count")], STRING, "The text `count` times.", ([self, count], meter) => repeated(self, count, meter)),
  method(
    "replace",
    [string("search"), text("replacement")],
    STRING,
    "The first `search` replaced; both are plain text.",
    ([self, search, replacement], meter) => {
      meter.text(self.length + replacement.length);
      return self.replace(search, () => replacement);
    },
  ),
  method(
    "replaceAll",
    [string("search"), text("replacement")],
    STRING,
    "Every `search` replaced; both are plain text.",
    ([self, search, replacement], meter) => {
      const count = occurrences(self, search);
      meter.step(count / REPLACEMENTS_PER_STEP);
      meter.text(self.length + count * Math.max(0, replacement.length - search.length));
      return self.replaceAll(search, replacement.replaceAll("$", "$$$$"));
    },
  ),
  method(
    "slice",
    [optional(integer("start")), optional(integer("end"))],
    STRING,
    "The part from `start` up to `end`; negative ones count from the end.",
    ([self, start, end]) => self.slice(start ?? 0, end ?? undefined),
  ),
  method(
    "split",
    [optional(string("separator")), optional(integer("limit"))],
    arrayOf(STRING),
    "The parts between separators; without one, the whole.",
    split,
  ),
  method("startsWith", [string("search")], BOOLEAN, "Does the text begin with `search`?", ([self, search]) => self.startsWith(search)),
  method("substring", [integer("start"), optional(integer("end"))], STRING, "The part from `start` up to `end`.", ([self, start, end]) =>
    self.substring(start, end ?? undefined),
  ),
  method("toLowerCase", [], STRING, "In lower case.", ([self], meter) => cased(self, (text) => text.toLowerCase(), meter)),
  method("toUpperCase", [], STRING, "In upper case.", ([self], meter) => cased(self, (text) => text.toUpperCase(), meter)),
  method("trim", [], STRING, "Without blanks and line breaks at both ends.", ([self]) => self.trim()),
  method("trimEnd", [], STRING, "Without blanks and line breaks at the end.", ([self]) => self.trimEnd()),
  method("trimStart", [], STRING, "Without blanks and line breaks at the start.", ([self]) => self.trimStart()),
];

export function joined(parts: readonly string[], separator: string, meter: Meter): string {
  let total = separator.length * Math.max(0, parts.length - 1);
  for (const part of parts) total += part.length;
  meter.text(total);
  return parts.join(separator);
}

/** Cutting a text and joining it again takes longer than looking at an element. */
const REPLACEMENTS_PER_STEP = 2;

function occurrences(self: string, search: string): number {
  if (search === "") return self.length + 1;
  let count = 0;
  for (let at = self.indexOf(search); at >= 0; at = self.indexOf(search, at + search.length)) count++;
  return count;
}

function padding(self: string, length: number, fill: string | null, meter: Meter): string {
  const missing = length - self.length;
  if (missing <= 0 || fill === "") return "";
  meter.text(length);
  return "".padEnd(missing, fill ?? " ");
}

function repeated(self: string, count: number, meter: Meter): string {
  if (count < 0) throw fault("bad_argument", 'repeat: "count" must not be negative.');
  meter.text(self.length * count);
  return self.repeat(count);
}

function split([self, separator, limit]: [string, string | null, number | null], meter: Meter): Json {
  if (separator === null) return [self];
  const parts = separator === "" ? self.length : occurrences(self, separator) + 1;
  const most = limit === null || limit < 0 ? parts : Math.min(limit, parts);
  meter.elements(most);
  return self.split(separator, most);
}

/** Case can lengthen a text a little (one character becomes up to three): what is added is counted once it is known. */
function cased(self: string, change: (text: string) => string, meter: Meter): string {
  meter.text(self.length);
  const changed = change(self);
  meter.produce(Math.max(0, changed.length - self.length));
  return changed;
}

/** The most characters that one character becomes in each form. */
const NORMAL_GROWTH: ReadonlyMap<string, number> = new Map([
  ["NFC", 3],
  ["NFD", 4],
  ["NFKC", 18],
  ["NFKD", 18],
]);

function normalized(self: string, form: string, meter: Meter): string {
  const growth = NORMAL_GROWTH.get(form);
  if (growth === undefined) throw fault("bad_argument", 'normalize: "form" must be NFC, NFD, NFKC or NFKD.');
  meter.text(self.length * growth);
  return self.normalize(form);
}

export const NUMBER_METHODS: readonly FunctionRow[] = [
  onReceiver(
    define(
      "toFixed",
      [number("self"), optional(integer("digits"))],
      STRING,
      "With exactly so many decimals (0 to 100).",
      ([self, digits]) => {
        if (digits !== null && (digits < 0 || digits > 100)) throw fault("bad_argument", 'toFixed: "digits" must be 0 to 100.');
        return self.toFixed(digits ?? 0);
      },
    ),
    "number",
  ),
];
