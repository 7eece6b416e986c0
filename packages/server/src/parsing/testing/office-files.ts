import { zipArchive } from "#parsing/testing/zip-archive";

// Small files of the formats, as the programs write them.

const relations = (...targets: readonly string[]) =>
  `<Relationships>${targets.map((target, at) => `<Relationship Id="rId${at + 1}" Target="${target}"/>`).join("")}</Relationships>`;

/** A Word document with this body. */
export function docxFile(body: string, styles = ""): Uint8Array {
  return zipArchive({
    "word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    "word/styles.xml": `<w:styles>${styles}</w:styles>`,
  });
}

export function paragraph(text: string, properties = ""): string {
  return `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
}

/** A workbook with these sheets: name -> XML of its rows. */
export function xlsxFile(sheets: { readonly [name: string]: string }, shared: readonly string[] = [], styles = ""): Uint8Array {
  const names = Object.keys(sheets);
  const parts = names.map((name, at) => [
    `xl/worksheets/sheet${at + 1}.xml`,
    `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`,
  ]);
  return zipArchive({
    "xl/workbook.xml": `<workbook xmlns:r="r"><sheets>${names.map((name, at) => `<sheet name="${name}" r:id="rId${at + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(...names.map((_, at) => `worksheets/sheet${at + 1}.xml`)),
    "xl/sharedStrings.xml": `<sst>${shared.join("")}</sst>`,
    "xl/styles.xml": `<styleSheet>${styles}</styleSheet>`,
    ...(Object.fromEntries(parts) as { [name: string]: string }),
  });
}

/** A presentation with these slides, in the order of its list and against that of their names. */
export function pptxFile(...slides: readonly string[]): Uint8Array {
  const nameOf = (at: number) => `slides/slide${slides.length - at}.xml`;
  return zipArchive({
    "ppt/presentation.xml": `<p:presentation><p:sldIdLst>${slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="rId${at + 1}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(...slides.map((_, at) => nameOf(at))),
    ...Object.fromEntries(slides.map((slide, at) => [`ppt/${nameOf(at)}`, `<p:sld><p:spTree>${slide}</p:spTree></p:sld>`])),
  });
}

/** A PDF with a page for each text; lines are separated by line breaks, and a blank line is a gap. */
export function pdfFile(...pages: readonly string[]): Uint8Array {
  const count = pages.length;
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${count} /Kids [${kids}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...pages.flatMap((text, at) => {
      const lines = text.split("\n").map((line) => `(${line.replace(/[()\\]/g, "\\$&")}) Tj T*`);
      const stream = `BT /F1 12 Tf 14 TL 72 720 Td ${lines.join(" ")} ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + at * 2} 0 R >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ];
    }),
  ];
  return pdfOf(objects);
}

/** A PDF of these objects; the first one is its catalogue. */
export function pdfOf(objects: readonly (string | Uint8Array)[], trailer = ""): Uint8Array {
  const parts = [Buffer.from("%PDF-1.4\n")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [at, object] of objects.entries()) {
    offsets.push(length);
    const part = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from("\nendobj\n")]);
    parts.push(part);
    length += part.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}
