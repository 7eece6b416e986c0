import { Parser } from "htmlparser2";
import type { Collector } from "#parsing/collector";
import { decodeText } from "#parsing/decode-text";
import { MAX_DEPTH } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";

const SILENT = new Set(["script", "style", "template", "noscript", "svg", "head", "iframe", "object", "select"]);
const BREAKING = new Set(
  "address article aside blockquote body br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

/** Pages as people see them: headings, paragraphs, lists and tables; nothing is run and nothing is fetched. */
export function readHtml(content: Uint8Array, found: Collector): void {
  const page = new HtmlReader(found);
  const parser = new Parser(page, { decodeEntities: true, lowerCaseTags: true });
  parser.end(decodeText(content));
}

class HtmlReader {
  readonly #found: Collector;
  #text = "";
  #depth = 0;
  #silent = 0;
  #lists = 0;
  #tables = 0;
  #heading: number | null = null;
  #isItem = false;
  #isCode = false;
  #rows: (readonly string[])[] = [];
  #cells: string[] = [];

  constructor(found: Collector) {
    this.#found = found;
  }

  onopentag(name: string): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ParseFailure(`its elements are nested more than ${MAX_DEPTH} deep`);
    if (SILENT.has(name)) this.#silent += 1;
    if (!BREAKING.has(name)) return;
    this.#flush();
    if (name === "ul" || name === "ol") this.#lists += 1;
    else if (name === "li") this.#isItem = true;
    else if (name === "pre") this.#isCode = true;
    else if (/^h[1-6]$/.test(name)) this.#heading = Number(name[1]);
    else if (name === "table") this.#tables += 1;
    else if (name === "tr" && this.#tables === 1) this.#cells = [];
    else if ((name === "td" || name === "th") && this.#tables === 1) this.#cells.push("");
  }

  ontext(text: string): void {
    if (this.#silent === 0) this.#text += this.#isCode ? text : text.replace(/\s+/g, " ");
  }

  onclosetag(name: string): void {
    this.#depth -= 1;
    if (SILENT.has(name)) this.#silent = Math.max(0, this.#silent - 1);
    if (!BREAKING.has(name)) return;
    this.#flush();
    if (name === "ul" || name === "ol") this.#lists = Math.max(0, this.#lists - 1);
    else if (name === "li") this.#isItem = false;
    else if (name === "pre") this.#isCode = false;
    else if (/^h[1-6]$/.test(name)) this.#heading = null;
    else if (name === "tr" && this.#tables === 1) this.#rows.push(this.#found.row(this.#cells));
    else if (name === "table") this.#endTable();
  }

  onend(): void {
    this.#flush();
    if (this.#rows.length > 0) this.#endTable();
  }

  #endTable(): void {
    this.#tables = Math.max(0, this.#tables - 1);
    if (this.#tables > 0) return;
    this.#found.table(this.#rows);
    this.#rows = [];
  }

  #flush(): void {
    const text = this.#isCode ? this.#text : this.#text.replace(/ +/g, " ").trim();
    this.#text = "";
    if (text.trim() === "") return;
    if (this.#tables > 0 && this.#cells.length > 0) this.#cells.push(`${this.#cells.pop() ?? ""}${text}\n`);
    else if (this.#heading !== null) this.#found.add({ kind: "heading", level: this.#heading, text });
    else if (this.#isCode) this.#found.add({ kind: "code", text });
    else if (this.#isItem) this.#found.add({ kind: "item", depth: Math.max(0, Math.min(8, this.#lists - 1)), text });
    else this.#found.add({ kind: "paragraph", text });
  }
}
