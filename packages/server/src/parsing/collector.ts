import type { Block } from "#parsing/blocks";
import { MAX_BLOCKS, MAX_CELLS, MAX_TEXT_CHARACTERS } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";

/** Gathers what a format's reader finds, and ends the reading where a file has too much of it. */
export class Collector {
  readonly blocks: Block[] = [];
  #characters = 0;
  #cells = 0;
  #rows = 0;

  add(block: Exclude<Block, { kind: "table" | "page" }>): void {
    const text = block.kind === "code" ? block.text.trimEnd() : block.text.trim();
    if (text === "") return;
    this.#count(text);
    this.#push({ ...block, text });
  }

  page(name: string): void {
    this.#push({ kind: "page", name });
  }

  /** Counts a row before it is kept; blank ones at the end of a row are dropped. */
  row(cells: readonly string[]): readonly string[] {
    const texts = cells.map((cell) => cell.trim());
    const filled = texts.slice(0, texts.findLastIndex((text) => text !== "") + 1);
    this.#cells += filled.filter((text) => text !== "").length;
    if (this.#cells > MAX_CELLS) throw new ParseFailure(`its tables have more than ${MAX_CELLS} cells`);
    this.#rows += 1;
    if (this.#rows > MAX_BLOCKS) throw new ParseFailure(`its tables have more than ${MAX_BLOCKS} rows`);
    for (const text of filled) this.#count(text);
    return filled;
  }

  /** Rows that `row` has counted; a table without any text is none. */
  table(rows: readonly (readonly string[])[], name: string | null = null): void {
    const filled = rows.filter((row) => row.length > 0);
    if (filled.length > 0) this.#push({ kind: "table", name, rows: filled });
  }

  #push(block: Block): void {
    this.blocks.push(block);
    if (this.blocks.length > MAX_BLOCKS) throw new ParseFailure(`it has more than ${MAX_BLOCKS} paragraphs`);
  }

  #count(text: string): void {
    this.#characters += text.length;
    if (this.#characters > MAX_TEXT_CHARACTERS) throw new ParseFailure(`it has more than ${MAX_TEXT_CHARACTERS} characters of text`);
  }
}
