/**
 * From the left, at each position the longest delimiter that matches. Pieces are not trimmed, empty ones are kept;
 * an empty delimiter is ignored.
 */
export function splitText(text: string, delimiters: readonly string[]): readonly string[] {
  const byFirst = groupByFirst(delimiters);
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const found = byFirst.get(text.charCodeAt(at))?.find((delimiter) => text.startsWith(delimiter, at));
    if (found === undefined) {
      at += 1;
      continue;
    }
    pieces.push(text.slice(start, at));
    at += found.length;
    start = at;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** Most positions start no delimiter: one look-up tells. Longest first, so that the first match is the one to take. */
function groupByFirst(delimiters: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const longestFirst = [...new Set(delimiters)].filter((delimiter) => delimiter !== "").sort((a, b) => b.length - a.length);
  return Map.groupBy(longestFirst, (delimiter) => delimiter.charCodeAt(0));
}
