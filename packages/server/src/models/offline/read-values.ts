/** Values as people write them in a text. */

const AMOUNT = /-?(?:\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,9})?|\d+(?:[.,]\d{1,9})?)(?![\d])/;

const NUMBERS = /\d+(?:[.,]\d+)*/g;

/** The first number: `1,234.50`, `1.234,50`, `12,5`, `-3`. Null: there is none. */
export function numberIn(text: string): number | null {
  const [found] = AMOUNT.exec(text) ?? [];
  if (found === undefined) return null;
  const number = Number(plainNumber(found));
  return Number.isFinite(number) ? number : null;
}

/** The last of `.` and `,` parts the fraction, unless exactly three digits follow and it is alone in its kind or repeated. */
function plainNumber(text: string): string {
  const compact = text.replace(/[' ]/g, "");
  const [, mark = ""] = /([.,])\d+$/.exec(compact) ?? [];
  if (mark === "") return compact;
  const other = mark === "." ? "," : ".";
  const parts = compact.split(mark);
  const groups = !compact.includes(other) && (parts.length > 2 || (mark === "," && parts.at(-1)?.length === 3));
  return groups ? compact.replaceAll(mark, "") : compact.replaceAll(other, "").replace(mark, ".");
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The first date, as `2026-03-05`; null: there is none, or it is ambiguous. */
export function dateIn(text: string): string | null {
  const [, year = "", month = "", day = ""] = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})/.exec(text) ?? [];
  if (year !== "") return dateText(Number(year), Number(month), Number(day));
  const named = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?";
  const [, first = "", name = "", after = ""] =
    new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+${named},?\\s+(\\d{4})`, "i").exec(text) ?? [];
  if (name !== "") return dateText(Number(after), MONTHS.indexOf(name.toLowerCase()) + 1, Number(first));
  const [, word = "", number = "", last = ""] = new RegExp(`${named}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`, "i").exec(text) ?? [];
  return word === "" ? null : dateText(Number(last), MONTHS.indexOf(word.toLowerCase()) + 1, Number(number));
}

function dateText(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

/** What a text says to a yes-or-no question; null: nothing. */
export function booleanIn(text: string): boolean | null {
  const [word = ""] = /^\W*(yes|true|no|not|false|是|否|不|はい|いいえ)/i.exec(text)?.slice(1) ?? [];
  if (word === "") return null;
  return /^(?:yes|true|是|はい)$/i.test(word);
}

/** What follows a mention up to the end of the part of its sentence, without the words that lead over to it. */
export function valueAfterMention(rest: string): string | null {
  const [, value = ""] =
    /^\s*(?:(?:is|are|was|were|no\.?|number|of|は|是|为|為)\s+|[#:：=]\s*)*\s*([^.,;。，；、\n]*(?:[.,]\d[^.,;。，；、\n]*)*)/iu.exec(
      rest,
    ) ?? [];
  return value.trim() === "" ? null : value.trim();
}

/** The items of a list: bulleted or numbered lines, else what commas part. */
export function itemsIn(text: string): readonly string[] {
  const bullets = text.split(/\r?\n/).flatMap((line) => /^\s*(?:[-*•・]|\d{1,3}[.)])\s+(\S.*)$/.exec(line)?.[1]?.trim() ?? []);
  if (bullets.length > 0) return bullets;
  return text
    .split(/[,;，、；]|\band\b|和|と/)
    .map((item) => item.trim().replace(/[.。]$/, ""))
    .filter((item) => item !== "");
}

/** Longer texts tell of more than one thing. */
const SHORT_CHARACTERS = 200;

/** What a short text is about: what stands in quotes, else a capitalised name that does not begin it. */
export function nameIn(text: string): string | null {
  if (text.length > SHORT_CHARACTERS) return null;
  const [, quoted] = /["“「『]([^"“「『”」』]+)["”」』]/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  const [, name] = /[\p{L}\p{N}]\s+(\p{Lu}[\p{L}\p{N}'-]+(?:\s+\p{Lu}[\p{L}\p{N}'-]*){0,4})/u.exec(text) ?? [];
  return name ?? null;
}

/** Values of an entry like `Widgets: 3 x 12.50`: what it begins with is the first text, its last numbers are the numbers. */
export function byPlace(
  entry: string,
  wanted: readonly (readonly [name: string, type: string])[],
): { readonly [name: string]: string | number } {
  const [text] = wanted.filter(([, type]) => type === "string");
  const numbers = wanted.filter(([, type]) => type === "number" || type === "integer");
  const at = entry.search(/[:：,，;(（]|\s\d|\s-\s/);
  const head = (at === -1 ? entry : entry.slice(0, at)).trimEnd();
  const found = (entry.slice(head.length).match(NUMBERS) ?? [])
    .flatMap((one) => numberIn(one) ?? [])
    .slice(-numbers.length || entry.length);
  return Object.fromEntries([
    ...(text && head.trim() !== "" ? [[text[0], head.trim()] as const] : []),
    ...numbers.slice(0, found.length).map(([name], index) => [name, found[index] ?? 0] as const),
  ]);
}
