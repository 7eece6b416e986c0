export interface Token {
  readonly kind: "key" | "string" | "word" | "number" | null;
  readonly text: string;
}

/** Strings (an unfinished one reaches to the end), a colon behind them, words and numbers. */
const TOKENS = /("(?:\\.|[^"\\])*(?:"|\\?$))(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON text cut into its tokens; together they are the text, also where it breaks off. */
export function jsonTokens(text: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > end) found.push({ kind: null, text: text.slice(end, match.index) });
    const [whole, string, colon] = match;
    if (string === undefined) found.push({ kind: /^[tfn]/.test(whole) ? "word" : "number", text: whole });
    else found.push({ kind: colon === undefined ? "string" : "key", text: string });
    if (colon !== undefined) found.push({ kind: null, text: colon });
    end = match.index + whole.length;
  }
  if (end < text.length) found.push({ kind: null, text: text.slice(end) });
  return found;
}
