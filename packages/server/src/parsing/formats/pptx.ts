import type { Collector } from "#parsing/collector";
import { needed, readFlow, relationsOf } from "#parsing/formats/office";
import { readXml } from "#parsing/xml";
import { Zip } from "#parsing/zip";

/** Slides in the order of the presentation, a page each. */
export function readPptx(content: Uint8Array, found: Collector): void {
  const zip = new Zip(content);
  for (const [index, slide] of slidesOf(zip).entries()) {
    found.page(`Slide ${index + 1}`);
    let isTitle = false;
    readFlow(
      needed(zip, slide),
      found,
      (name, { type = "", lvl = "" }, style) => {
        if (name === "sp" || name === "graphicFrame") isTitle = false;
        else if (name === "ph") isTitle = type === "title" || type === "ctrTitle";
        else if (name === "pPr" && /^[1-8]$/.test(lvl)) style.item = Number(lvl);
      },
      () => ({ heading: isTitle ? 2 : null, item: null }),
    );
  }
}

function slidesOf(zip: Zip): readonly string[] {
  const targets = relationsOf(zip, "ppt", "presentation.xml");
  const slides: string[] = [];
  readXml(needed(zip, "ppt/presentation.xml"), {
    open(name, attributes) {
      const target = name === "sldId" ? targets.get(attributes["r:id"] ?? "") : undefined;
      if (target !== undefined) slides.push(target);
    },
  });
  return slides;
}
