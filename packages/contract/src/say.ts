/** A sentence, or a part of one, in English: `{0}`, `{1}`, … stand for what it tells of. */
export interface Said {
  readonly text: string;
  readonly values: readonly SaidValue[];
}

/** What a sentence tells of: a name or a number, which every language shares, or words of their own. */
export type SaidValue = string | number | Said;

/** The sentences of another language by their English, each with the same places. */
export type Words = Readonly<Record<string, string>>;

/**
 * Says it in English where it is found, so that it can be told in any language.
 * @example say`no node ${id} in this graph`
 */
export function say(texts: TemplateStringsArray, ...values: readonly SaidValue[]): Said {
  return { text: texts.reduce((text, part, index) => `${text}{${index - 1}}${part}`), values };
}

/** A sentence in the words of a language; without words, and where they lack it, in English. */
export function inWords(said: Said, words: Words = {}): string {
  const text = Object.hasOwn(words, said.text) ? (words[said.text] ?? said.text) : said.text;
  return text.replace(/\{(\d+)\}/g, (place, index: string) => {
    const value = said.values[Number(index)];
    if (value === undefined) return place;
    return typeof value === "object" ? inWords(value, words) : String(value);
  });
}
