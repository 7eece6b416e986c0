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
export function* passagesOf(blocks: readonly Block[], settings: PassageSettings): Generator<Passage, void> {
  const cutter = new Cutter(settings);
  for (const block of blocks) {
    if (block.kind === "page" || block.kind === "heading") {
      yield* cutter.end();
      cutter.enter(block);
    } else for (const piece of piecesOf(block, settings.passageCharacters)) yield* cutter.add(piece);
  }
  yield* cutter.end();
}

/** The passage that is being put together, and where it stands. */
class Cutter {
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

  enter(block: Extract<Block, { kind: "page" | "heading" }>): void {
    if (block.kind === "page") {
      this.#page = block.name;
      this.#headings.length = 0;
      return;
    }
    while ((this.#headings.at(-1)?.level ?? 0) >= block.level) this.#headings.pop();
    this.#headings.push({ level: block.level, text: block.text });
  }

  /** The passage that has no room for the piece, if any. */
  add(piece: string): readonly Passage[] {
    const { passageCharacters, overlapCharacters } = this.#settings;
    let full: readonly Passage[] = [];
    if (!this.#isFresh && this.#length + piece.length > passageCharacters) {
      const tail = tailOf(this.#pieces.join("\n"), overlapCharacters);
      full = this.end();
      if (tail !== "" && tail.length + piece.length <= passageCharacters) this.#keep(tail);
    }
    this.#keep(piece);
    this.#isFresh = false;
    return full;
  }

  end(): readonly Passage[] {
    const headings = this.#headings.map(({ text }) => text);
    const passages = this.#isFresh ? [] : [{ text: this.#pieces.join("\n"), page: this.#page, headings }];
    this.#pieces = [];
    this.#length = 0;
    this.#isFresh = true;
    return passages;
  }

  #keep(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length + 1;
  }
}

/** A block in pieces that a passage can hold. */
function* piecesOf(block: Exclude<Block, { kind: "page" | "heading" }>, most: number): Generator<string, void> {
  const whole = blockText(block, "markdown");
  if (whole.length <= most) yield whole;
  else if (block.kind !== "table") yield* sentencesOf(whole, most);
  else for (const part of tableParts(block, most)) yield* part.length <= most ? [part] : sentencesOf(part, most);
}

/** Tables of some rows each, with the head of the whole. */
function* tableParts(table: Extract<Block, { kind: "table" }>, most: number): Generator<string, void> {
  const [head = [], ...rows] = table.rows;
  const textOf = (body: readonly (readonly string[])[]) => blockText({ ...table, rows: [head, ...body] }, "markdown");
  const headLength = textOf([]).length;
  let body: (readonly string[])[] = [];
  let length = headLength;
  for (const row of rows) {
    const rowLength = row.join(" | ").length + 5;
    if (body.length > 0 && length + rowLength > most) {
      yield textOf(body);
      body = [];
      length = headLength;
    }
    body.push(row);
    length += rowLength;
  }
  yield textOf(body);
}

const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });

function* sentencesOf(text: string, most: number): Generator<string, void> {
  let piece = "";
  for (const { segment } of sentences.segment(text)) {
    for (const part of segment.length <= most ? [segment] : cutText(segment, most)) {
      if (piece.length + part.length > most) {
        if (piece.trim() !== "") yield piece.trim();
        piece = "";
      }
      piece += part;
    }
  }
  if (piece.trim() !== "") yield piece.trim();
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
