import { type Block, blockText } from "#parsing/blocks";

/** A part of a document that is found and shown by itself. */
export interface Passage {
  readonly text: string;
  /** The page, slide or sheet; null: the format has none. */
  readonly page: string | null;
  /** The headings above it, outermost first. */
  readonly headings: readonly string[];
}

export interface PassageSettings {
  /** Characters of one passage at most. */
  readonly passageCharacters: number;
  /** Characters of its predecessor's end that a passage begins with, inside of one section. */
  readonly overlapCharacters: number;
}

/**
 * Cuts a document where its structure does: at pages and headings, else between blocks, else between sentences or rows. A passage that goes
 * on within a section begins with the end of the one before.
 */
export function passagesOf(blocks: readonly Block[], settings: PassageSettings): readonly Passage[] {
  const cutter = new Cutter(settings);
  for (const block of blocks) cutter.add(block);
  cutter.endPassage();
  return cutter.passages;
}

class Cutter {
  readonly passages: Passage[] = [];
  readonly #settings: PassageSettings;
  #page: string | null = null;
  readonly #headings: { readonly level: number; readonly text: string }[] = [];
  #pieces: string[] = [];
  #length = 0;
  /** Nothing but what the passage before ended with. */
  #isFresh = true;

  constructor(settings: PassageSettings) {
    this.#settings = settings;
  }

  add(block: Block): void {
    if (block.kind === "page") {
      this.endPassage();
      this.#page = block.name;
      this.#headings.length = 0;
    } else if (block.kind === "heading") {
      this.endPassage();
      while ((this.#headings.at(-1)?.level ?? 0) >= block.level) this.#headings.pop();
      this.#headings.push({ level: block.level, text: block.text });
    } else for (const piece of piecesOf(block, this.#settings.passageCharacters)) this.#piece(piece);
  }

  endPassage(): void {
    if (!this.#isFresh)
      this.passages.push({ text: this.#pieces.join("\n"), page: this.#page, headings: this.#headings.map(({ text }) => text) });
    this.#clear();
  }

  #piece(piece: string): void {
    if (!this.#isFresh && this.#length + piece.length > this.#settings.passageCharacters) {
      const tail = tailOf(this.#pieces.join("\n"), this.#settings.overlapCharacters);
      this.endPassage();
      if (tail !== "" && tail.length + piece.length <= this.#settings.passageCharacters) this.#keep(tail);
    }
    this.#keep(piece);
    this.#isFresh = false;
  }

  #keep(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length + 1;
  }

  #clear(): void {
    this.#pieces = [];
    this.#length = 0;
    this.#isFresh = true;
  }
}

/** A block in pieces that a passage can hold. */
function piecesOf(block: Exclude<Block, { kind: "page" | "heading" }>, most: number): readonly string[] {
  const whole = blockText(block, "markdown");
  if (whole.length <= most) return [whole];
  if (block.kind !== "table") return sentencesOf(whole, most);
  const [head = [], ...rows] = block.rows;
  const table = (body: readonly (readonly string[])[]) => blockText({ ...block, rows: [head, ...body] }, "markdown");
  const pieces: string[] = [];
  let body: (readonly string[])[] = [];
  let length = table([]).length;
  for (const row of rows) {
    const rowLength = row.join(" | ").length + 5;
    if (body.length > 0 && length + rowLength > most) {
      pieces.push(table(body));
      body = [];
      length = table([]).length;
    }
    body.push(row);
    length += rowLength;
  }
  return [...pieces, table(body)].flatMap((piece) => (piece.length <= most ? [piece] : sentencesOf(piece, most)));
}

const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });

function sentencesOf(text: string, most: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  const end = () => {
    if (piece.trim() !== "") pieces.push(piece.trim());
    piece = "";
  };
  for (const { segment } of sentences.segment(text)) {
    if (piece.length + segment.length > most) end();
    for (const part of cutText(segment, most)) {
      if (piece.length + part.length > most) end();
      piece += part;
    }
  }
  end();
  return pieces;
}

/** Parts of so many characters at most, none of which ends in half of a pair. */
function cutText(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = at + most < text.length && /[\uD800-\uDBFF]/.test(text[at + most - 1] ?? "") ? at + most - 1 : at + most;
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

/** The last sentences of a text that have room in so many characters. */
function tailOf(text: string, most: number): string {
  if (most === 0) return "";
  let start = text.length;
  for (const { index } of [...sentences.segment(text)].reverse()) {
    if (text.length - index > most) break;
    start = index;
  }
  return text.slice(start).trim();
}
