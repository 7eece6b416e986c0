import { type TokenType, tokenizer, tokTypes } from "acorn";
import { scanExpression } from "#expression/template";

/** An expression that is being written, made whole: cut off at the caret, the name there replaced by a marker, what is open closed. */
export interface CaretSource {
  readonly source: string;
  readonly marker: string;
  /** The name at the caret, up to it, and its place in the text. */
  readonly prefix: string;
  readonly start: number;
  readonly end: number;
}

/** A name that nobody gives. */
const MARKER = "$caret$";

const NAME_AFTER = /^[\w$]*/;

/** The expression of a config string that the caret is in, or null: it is in text, or in a string literal. */
export function caretInTemplate(text: string, offset: number): CaretSource | null {
  for (let open = text.indexOf("{{"); open >= 0 && open + 2 <= offset; ) {
    const start = open + 2;
    const { end, open: marks } = text[open - 1] === "\\" ? { end: open, open: [] } : scanExpression(text, start, offset);
    if (end === null) return isQuoted(marks.at(-1)?.mark) ? null : caretFrom(text, start, offset);
    open = text.indexOf("{{", end + 2);
  }
  return null;
}

/** The same for an expression that stands without braces. */
export function caretInExpression(source: string, offset: number): CaretSource | null {
  const { open: marks } = scanExpression(source.slice(0, offset), 0, offset);
  return isQuoted(marks.at(-1)?.mark) ? null : caretFrom(source, 0, offset);
}

function isQuoted(mark: string | undefined): boolean {
  return mark === "`" || mark === '"' || mark === "'";
}

function caretFrom(text: string, from: number, offset: number): CaretSource | null {
  const written = text.slice(from, offset);
  const prefix = nameAtEnd(written);
  const before = written.slice(0, written.length - prefix.length);
  const closing = closingOf(before + MARKER);
  if (closing === null) return null;
  const rest = NAME_AFTER.exec(text.slice(offset))?.[0] ?? "";
  return { source: before + MARKER + closing, marker: MARKER, prefix, start: offset - prefix.length, end: offset + rest.length };
}

/** From the end backwards: a pattern would try every place from the start. */
function nameAtEnd(text: string): string {
  let start = text.length;
  while (start > 0 && /[\w$]/.test(text.charAt(start - 1))) start--;
  return /^\d/.test(text.slice(start)) ? "" : text.slice(start);
}

const CLOSERS: ReadonlyMap<TokenType, string> = new Map([
  [tokTypes.parenL, ")"],
  [tokTypes.bracketL, "]"],
  [tokTypes.braceL, "}"],
  [tokTypes.dollarBraceL, "}`"],
]);
const CLOSING: ReadonlySet<TokenType> = new Set([tokTypes.parenR, tokTypes.bracketR, tokTypes.braceR]);

/** What closes all that is open at the end: brackets, template literals, and a `?` without its `:`. Null: not even tokens. */
function closingOf(source: string): string | null {
  const groups: { closer: string; questions: number }[] = [{ closer: "", questions: 0 }];
  try {
    for (const { type } of {
      [Symbol.iterator]: () => tokenizer(source, { ecmaVersion: "latest", sourceType: "script" })[Symbol.iterator](),
    }) {
      const top = groups.at(-1);
      const closer = CLOSERS.get(type);
      if (closer !== undefined) groups.push({ closer, questions: 0 });
      else if (CLOSING.has(type) && groups.length > 1) groups.pop();
      else if (top !== undefined && type === tokTypes.question) top.questions++;
      else if (top !== undefined && type === tokTypes.colon && top.questions > 0) top.questions--;
    }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
  return groups
    .toReversed()
    .map(({ closer, questions }) => " : null".repeat(questions) + closer)
    .join("");
}
