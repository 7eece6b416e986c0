import type { Collector } from "#parsing/collector";
import { needed, readFlow } from "#parsing/formats/office";
import { readXml } from "#parsing/xml";
import { Zip } from "#parsing/zip";

export function readDocx(content: Uint8Array, found: Collector): void {
  const zip = new Zip(content);
  const headings = headingStyles(zip.read("word/styles.xml"));
  readFlow(
    needed(zip, "word/document.xml"),
    found,
    (name, { val = "" }, style) => {
      if (name === "pStyle") style.heading = headings.get(val) ?? style.heading;
      else if (name === "outlineLvl" && /^[0-5]$/.test(val)) style.heading = Number(val) + 1;
      else if (name === "numPr") style.item ??= 0;
      else if (name === "ilvl" && /^[0-8]$/.test(val)) style.item = Number(val);
    },
    () => ({ heading: null, item: null }),
  );
}

/** Levels of the styles that are headings: every language of the program gives them the same names inside. */
function headingStyles(styles: Uint8Array | null): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  let id = "";
  if (!styles) return levels;
  readXml(styles, {
    open(name, { styleId, val = "" }) {
      if (name === "style") id = styleId ?? "";
      const level = name === "name" ? (/^title$/i.test(val) ? "1" : /^heading ([1-6])$/i.exec(val)?.[1]) : undefined;
      if (level !== undefined) levels.set(id, Number(level));
    },
  });
  return levels;
}
