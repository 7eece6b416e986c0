import type { Collector } from "#parsing/collector";
import { MAX_PAGES } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";

/** One piece of a page as the library finds it: `transform[5]` is its height above the page's foot. */
interface Piece {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly height: number;
  readonly transform: readonly number[];
}

/** Text layers, page by page; what is only a picture of text is not read. */
export async function readPdf(content: Uint8Array, found: Collector): Promise<void> {
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(content, { verbosity: 0 }).catch(refuse);
  if (pdf.numPages > MAX_PAGES) throw new ParseFailure(`it has more than ${MAX_PAGES} pages`);
  for (let number = 1; number <= pdf.numPages; number++) {
    found.page(`Page ${number}`);
    const page = await pdf.getPage(number).catch(refuse);
    const { items } = await page.getTextContent().catch(refuse);
    for (const text of paragraphsOf(items.filter((item): item is typeof item & Piece => "str" in item)))
      found.add({ kind: "paragraph", text });
    page.cleanup();
  }
}

/** A gap of more than this many heights of a line ends a paragraph. */
const PARAGRAPH_GAP = 1.8;

function paragraphsOf(pieces: readonly Piece[]): readonly string[] {
  const paragraphs: string[] = [];
  let text = "";
  let line = "";
  let last: { readonly y: number; readonly height: number } | null = null;
  const endLine = () => {
    text = joined(text, line.trim());
    line = "";
  };
  for (const { str, hasEOL, height, transform } of pieces) {
    const y = transform[5] ?? 0;
    if (str.trim() !== "") {
      if (last && Math.abs(last.y - y) > PARAGRAPH_GAP * Math.max(last.height, height)) {
        endLine();
        paragraphs.push(text);
        text = "";
      }
      last = { y, height };
    }
    line += str;
    if (hasEOL) endLine();
  }
  endLine();
  return [...paragraphs, text];
}

const IDEOGRAPHIC = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** Lines of one paragraph: words that are written without spaces are not torn by the end of a line. */
function joined(text: string, line: string): string {
  if (text === "" || line === "") return text + line;
  const glue = IDEOGRAPHIC.test(text.at(-1) ?? "") && IDEOGRAPHIC.test(line[0] ?? "") ? "" : " ";
  return text + glue + line;
}

function refuse(error: Error): never {
  if (error.name === "PasswordException") throw new ParseFailure("it is protected by a password");
  throw new ParseFailure(`it is no PDF that can be read (${error.message.slice(0, 200)})`);
}
