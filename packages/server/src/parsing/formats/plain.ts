import type { Collector } from "#parsing/collector";
import { decodeText } from "#parsing/decode-text";
import { MAX_COLUMNS } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";

/** Paragraphs lie between blank lines. */
export function readPlain(content: Uint8Array, found: Collector): void {
  for (const text of normalised(content).split(/\n[ \t]*\n/)) found.add({ kind: "paragraph", text });
}

/** Headings, lists, tables and code as they are marked; what is inside of a line stays as it is written. */
export function readMarkdown(content: Uint8Array, found: Collector): void {
  const reader = new MarkdownReader(found);
  for (const line of normalised(content).split("\n")) reader.line(line);
  reader.end();
}

class MarkdownReader {
  readonly #found: Collector;
  #paragraph: string[] = [];
  #code: string[] | null = null;
  #rows: (readonly string[])[] = [];

  constructor(found: Collector) {
    this.#found = found;
  }

  line(line: string): void {
    if (/^ {0,3}(```|~~~)/.test(line)) this.#fence();
    else if (this.#code) this.#code.push(line);
    else if (/^\s*\|.*\|\s*$/.test(line)) this.#row(line.trim());
    else this.#prose(line);
  }

  #prose(line: string): void {
    this.#endTable();
    const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(line);
    const item = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.*)$/.exec(line);
    if (heading || item || line.trim() === "") this.#endParagraph();
    if (heading) this.#found.add({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
    else if (item) this.#found.add({ kind: "item", depth: Math.min(8, Math.floor((item[1] ?? "").length / 2)), text: item[2] ?? "" });
    else if (line.trim() !== "") this.#paragraph.push(line);
  }

  end(): void {
    if (this.#code) this.#fence();
    this.#endTable();
    this.#endParagraph();
  }

  #fence(): void {
    this.#endTable();
    this.#endParagraph();
    if (this.#code) this.#found.add({ kind: "code", text: this.#code.join("\n") });
    this.#code = this.#code ? null : [];
  }

  #row(line: string): void {
    this.#endParagraph();
    const cells = line.slice(1, -1).split(/(?<!\\)\|/);
    if (!cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell)))
      this.#rows.push(this.#found.row(cells.map((cell) => cell.replaceAll("\\|", "|"))));
  }

  #endTable(): void {
    this.#found.table(this.#rows);
    this.#rows = [];
  }

  #endParagraph(): void {
    this.#found.add({ kind: "paragraph", text: this.#paragraph.join("\n") });
    this.#paragraph = [];
  }
}

/** RFC 4180, with the separator that its first line has most of: comma, semicolon or tab. */
export function readCsv(content: Uint8Array, found: Collector): void {
  const text = normalised(content);
  const separator = separatorOf(text.slice(0, Math.max(0, text.indexOf("\n")) || undefined));
  const rows: (readonly string[])[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    cells.push(cell);
    cell = "";
    if (cells.length > MAX_COLUMNS) throw new ParseFailure(`a row of it has more than ${MAX_COLUMNS} columns`);
  };
  const endRow = () => {
    endCell();
    rows.push(found.row(cells));
    cells = [];
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quoted && character === '"' && text[at + 1] === '"') cell += text[++at] ?? "";
    else if (character === '"' && (quoted || cell === "")) quoted = !quoted;
    else if (quoted) cell += character;
    else if (character === separator) endCell();
    else if (character === "\n") endRow();
    else cell += character;
  }
  if (cell !== "" || cells.length > 0) endRow();
  found.table(rows);
}

function separatorOf(line: string): string {
  const count = (separator: string) => line.split(separator).length;
  return [",", ";", "\t"].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

function normalised(content: Uint8Array): string {
  return decodeText(content).replace(/\r\n?/g, "\n");
}
