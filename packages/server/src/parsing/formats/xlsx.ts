import type { Collector } from "#parsing/collector";
import { needed, relationsOf } from "#parsing/formats/office";
import { MAX_COLUMNS } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";
import { readXml } from "#parsing/xml";
import { Zip } from "#parsing/zip";

/** Every sheet is a page with one table; a formula is its last result. */
export function readXlsx(content: Uint8Array, found: Collector): void {
  const zip = new Zip(content);
  const targets = relationsOf(zip, "xl", "workbook.xml");
  const sheets: { readonly name: string; readonly part: string }[] = [];
  readXml(needed(zip, "xl/workbook.xml"), {
    open(tag, attributes) {
      const part = tag === "sheet" ? targets.get(attributes["r:id"] ?? "") : undefined;
      if (part !== undefined) sheets.push({ name: attributes["name"] ?? "", part });
    },
  });
  const texts = sharedTexts(zip.read("xl/sharedStrings.xml"));
  const dates = dateStyles(zip.read("xl/styles.xml"));
  for (const { name, part } of sheets) {
    const sheet = zip.read(part);
    if (!sheet) continue;
    found.page(name);
    found.table(readSheet(sheet, texts, dates, found), name);
  }
}

function readSheet(
  sheet: Uint8Array,
  texts: readonly string[],
  dates: ReadonlySet<number>,
  found: Collector,
): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let cells: string[] = [];
  let column = 0;
  let type = "";
  let style = 0;
  let value = "";
  let inValue = false;
  readXml(sheet, {
    open(name, { r, t, s }) {
      if (name === "row") cells = [];
      else if (name === "c") {
        column = r === undefined ? cells.length : columnOf(r);
        [type, style, value] = [t ?? "n", Number(s ?? 0), ""];
      } else inValue ||= name === "v" || name === "t";
    },
    text(piece) {
      if (inValue) value += piece;
    },
    close(name) {
      if (name === "v" || name === "t") inValue = false;
      else if (name === "c") {
        while (cells.length < column) cells.push("");
        cells[column] = cellText(type, value, dates.has(style), texts);
      } else if (name === "row") rows.push(found.row(cells));
    },
  });
  return rows;
}

function cellText(type: string, value: string, isDate: boolean, texts: readonly string[]): string {
  if (type === "s") return texts[Number(value)] ?? "";
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  return type === "n" && isDate && value !== "" ? dateText(Number(value), value) : value;
}

/** Zero-based column of a reference: `BC12` is 54. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? "A") column = column * 26 + letter.charCodeAt(0) - 64;
  if (column > MAX_COLUMNS) throw new ParseFailure(`a row of it has more than ${MAX_COLUMNS} columns`);
  return column - 1;
}

function sharedTexts(content: Uint8Array | null): readonly string[] {
  const texts: string[] = [];
  let text = "";
  let inText = false;
  let inRuby = false;
  if (!content) return texts;
  readXml(content, {
    open(name) {
      if (name === "si") text = "";
      // How it is read aloud (Japanese) is not what it says.
      else if (name === "rPh") inRuby = true;
      else if (name === "t") inText = !inRuby;
    },
    text(piece) {
      if (inText) text += piece;
    },
    close(name) {
      if (name === "t") inText = false;
      else if (name === "rPh") inRuby = false;
      else if (name === "si") texts.push(text);
    },
  });
  return texts;
}

/** Formats of dates and times that are built in. */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

/** Numbers of the cell styles that show dates. */
function dateStyles(content: Uint8Array | null): ReadonlySet<number> {
  const formats = new Set(BUILT_IN_DATES);
  const styles = new Set<number>();
  let inCells = false;
  let count = 0;
  if (!content) return styles;
  readXml(content, {
    open(name, { numFmtId, formatCode = "" }) {
      if (name === "numFmt" && /[ymdhs]/i.test(formatCode.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, ""))) formats.add(Number(numFmtId));
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        if (formats.has(Number(numFmtId))) styles.add(count);
        count += 1;
      }
    },
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
  });
  return styles;
}

const DAY_MS = 86_400_000;

/** Days since the end of 1899, as spreadsheets count. */
function dateText(days: number, value: string): string {
  if (!(days > 0 && days < 2_958_466)) return value;
  const iso = new Date(Date.UTC(1899, 11, 30) + Math.round(days * DAY_MS)).toISOString();
  if (days < 1) return iso.slice(11, 19);
  return Number.isInteger(days) ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}
