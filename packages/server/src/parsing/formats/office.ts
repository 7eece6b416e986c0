import type { Collector } from "#parsing/collector";
import { ParseFailure } from "#parsing/parse-failure";
import { readXml } from "#parsing/xml";
import type { Zip } from "#parsing/zip";

/** An entry that the format cannot do without. */
export function needed(zip: Zip, name: string): Uint8Array {
  const content = zip.read(name);
  if (!content) throw new ParseFailure(`its archive lacks ${name}`);
  return content;
}

/** Targets of a part's relations by their ids, as names of entries. */
export function relationsOf(zip: Zip, folder: string, part: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  const content = zip.read(`${folder}/_rels/${part}.rels`);
  if (!content) return targets;
  readXml(content, {
    open(name, { Id, Target }) {
      if (name !== "Relationship" || Id === undefined || Target === undefined) return;
      targets.set(Id, Target.startsWith("/") ? Target.slice(1) : `${folder}/${Target}`);
    },
  });
  return targets;
}

/** What a paragraph is, as far as its format says. */
export interface ParagraphStyle {
  heading: number | null;
  item: number | null;
}

/** Tells of an element what it says of the paragraph that it stands in. */
export type ReadStyle = (name: string, attributes: { readonly [name: string]: string }, style: ParagraphStyle) => void;

/** Paragraphs and tables: word processors and presentations write them alike. A table inside of a cell is text of that cell. */
export function readFlow(content: Uint8Array, found: Collector, readStyle: ReadStyle, newStyle: () => ParagraphStyle): void {
  let style = newStyle();
  let text = "";
  let inText = false;
  let tables = 0;
  let rows: (readonly string[])[] = [];
  let cells: string[] = [];
  const endParagraph = () => {
    const { heading, item } = style;
    if (tables > 0) cells.push(`${cells.pop() ?? ""}${text}\n`);
    else if (heading !== null) found.add({ kind: "heading", level: Math.min(6, heading), text });
    else if (item !== null) found.add({ kind: "item", depth: Math.min(item, 8), text });
    else found.add({ kind: "paragraph", text });
    text = "";
  };
  readXml(content, {
    open(name, attributes) {
      if (name === "p") style = newStyle();
      else if (name === "t") inText = true;
      else if (name === "tab") text += "\t";
      else if (name === "br" || name === "cr") text += "\n";
      else if (name === "tbl") tables += 1;
      else if (tables === 1 && name === "tr") cells = [];
      else if (tables === 1 && name === "tc") cells.push("");
      readStyle(name, attributes, style);
    },
    text(piece) {
      if (inText) text += piece;
    },
    close(name) {
      if (name === "t") inText = false;
      else if (name === "p") endParagraph();
      else if (name === "tr" && tables === 1) rows.push(found.row(cells));
      else if (name === "tbl") {
        tables -= 1;
        if (tables > 0) return;
        found.table(rows);
        rows = [];
      }
    },
  });
}
