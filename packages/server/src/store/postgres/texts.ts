// PostgreSQL keeps no U+0000 in a text, and SQLite does: what is bound is spelled without it, and what is read is spelled back.
//
// U+0000 is U+0001 U+0001, and U+0001 is U+0001 U+0002. Spelled so, texts are equal where they were, and stand in the same order: U+0001 U+0001
// comes before U+0001 U+0002, and both before what begins with any other character.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
const NOT_KEPT = /[\u0000\u0001]/;

export function spelled(text: string): string {
  if (!NOT_KEPT.test(text)) return text;
  return text.replaceAll("\u0001", "\u0001\u0002").replaceAll("\u0000", "\u0001\u0001");
}

export function unspelled(text: string): string {
  if (!text.includes("\u0001")) return text;
  return text.replaceAll("\u0001\u0001", "\u0000").replaceAll("\u0001\u0002", "\u0001");
}

/**
 * SQL of the JSON text in a column, for a cast. In JSON, characters that no text has are escapes, and a cast of such a one fails: U+0000 is
 * spelled as in every other text, half of a pair is the character for what is none. Two backslashes are out of the way meanwhile, so that what
 * follows them is not taken for an escape; U+0001 itself stands in no JSON text.
 */
export function castable(column: string): string {
  const escaped = [
    ["\\\\", "chr(1)"],
    ["\\u0001", "'\\u0001\\u0002'"],
    ["\\u0000", "'\\u0001\\u0001'"],
  ].reduce((sql, [from, to]) => `replace(${sql}, '${from}', ${to})`, column);
  const paired = `regexp_replace(${escaped}, '\\\\ud[89a-f][0-9a-f]{2}', '\ufffd', 'g')`;
  return `CASE WHEN strpos(${column}, '\\u') = 0 THEN ${column} ELSE replace(${paired}, chr(1), '\\\\') END`;
}
