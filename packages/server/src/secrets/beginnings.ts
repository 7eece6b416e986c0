import { spelled } from "#secrets/spellings";

/** The end of a text in which a character is perhaps not yet written to its end: escaped, of several bytes, or half of a pair. */
const UNFINISHED = /(?:%[%\da-fA-F]{0,40}|\\[\\u\da-fA-F]{0,20}|&[#\w]{0,16}|[\x80-\xff]{1,3}|[\ud800-\udbff])$/y;

/** Finds where a text ends with what could become a spelling of some value. */
export class Beginnings {
  readonly #kept = new Map<string, RegExp>();
  readonly #spellings: readonly (readonly RegExp[])[];

  constructor(values: readonly string[]) {
    this.#spellings = values.flatMap(spelled).map((characters) => characters.map((source) => this.#pattern(source)));
  }

  /** The first place from which the rest of the text is a spelling's beginning; the text's length: there is none. */
  in(text: string): number {
    for (let at = 0; at < text.length; at++) {
      if (this.#spellings.some((characters) => isBegun(characters, text, at))) return at;
    }
    return text.length;
  }

  /** Sticky, and one for all places of a character. */
  #pattern(source: string): RegExp {
    const pattern = this.#kept.get(source) ?? new RegExp(source, "y");
    this.#kept.set(source, pattern);
    return pattern;
  }
}

/** Takes of each character what it can: without a way back it is linear. */
function isBegun(characters: readonly RegExp[], text: string, start: number): boolean {
  let at = start;
  for (const character of characters) {
    // First: the beginning of an escape may be a character of its own.
    if (at === text.length || endOf(UNFINISHED, text, at) !== null) return true;
    const end = endOf(character, text, at);
    if (end === null) return false;
    at = end;
  }
  return false;
}

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
