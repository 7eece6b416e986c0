import type { Block } from "#parsing/blocks";
import { Collector } from "#parsing/collector";
import type { ParsedFormat } from "#parsing/formats";
import { readDocx } from "#parsing/formats/docx";
import { readHtml } from "#parsing/formats/html";
import { readPdf } from "#parsing/formats/pdf";
import { readCsv, readMarkdown, readPlain } from "#parsing/formats/plain";
import { readPptx } from "#parsing/formats/pptx";
import { readXlsx } from "#parsing/formats/xlsx";

type Reader = (content: Uint8Array, found: Collector) => void | Promise<void>;

const READERS: { readonly [Format in ParsedFormat]: Reader } = {
  pdf: readPdf,
  docx: readDocx,
  xlsx: readXlsx,
  pptx: readPptx,
  html: readHtml,
  markdown: readMarkdown,
  csv: readCsv,
  text: readPlain,
};

/** @throws ParseFailure */
export async function readBlocks(format: ParsedFormat, content: Uint8Array): Promise<readonly Block[]> {
  const found = new Collector();
  await READERS[format](content, found);
  return found.blocks;
}
