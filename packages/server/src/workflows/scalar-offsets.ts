import type { Scalar } from "yaml";

// Where each character of a string's value stands in the YAML (or JSON) text that it was read from: values lose indentation, line folds
// and escapes on the way, and a problem's offset counts in the value.

/** One source offset for each UTF-16 unit of the value, and one for its end. */
export function sourceOffsets(text: string, scalar: Scalar, value: string): number[] {
  const [start, end] = scalar.range ?? [0, 0];
  switch (scalar.type) {
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return blockOffsets(text, scalar, value);
    case "QUOTE_DOUBLE":
      return flowOffsets(text, start + 1, end - 1, doubleQuoted);
    case "QUOTE_SINGLE":
      return flowOffsets(text, start + 1, end - 1, singleQuoted);
    default:
      return flowOffsets(text, start, end, plain);
  }
}

/** What one piece of source stands for: so many units of the value, written in so many characters. */
interface Piece {
  readonly units: number;
  readonly characters: number;
}

type Read = (text: string, at: number) => Piece;

const ONE: Piece = { units: 1, characters: 1 };

/** Spaces around a line break are not part of the value; one break is a space, more are one break less. */
const FOLD = /[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;

function flowOffsets(text: string, from: number, to: number, read: Read): number[] {
  const offsets: number[] = [];
  for (let at = from; at < to; ) {
    const fold = match(FOLD, text, at);
    const piece = fold === null ? read(text, at) : { units: Math.max(1, fold.split("\n").length - 2), characters: fold.length };
    for (let unit = 0; unit < piece.units; unit++) offsets.push(at);
    at += piece.characters;
  }
  offsets.push(to);
  return offsets;
}

const plain: Read = () => ONE;

const singleQuoted: Read = (text, at) => (text.startsWith("''", at) ? { units: 1, characters: 2 } : ONE);

/** Characters behind the backslash and the letter, for the escapes that give a code point in hexadecimal. */
const HEX_DIGITS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };

/** A break that is no part of the value, with the indentation of the line below. */
const ESCAPED_BREAK = /\\\r?\n[ \t]*/y;

const doubleQuoted: Read = (text, at) => {
  if (text[at] !== "\\") return ONE;
  const joined = match(ESCAPED_BREAK, text, at);
  if (joined !== null) return { units: 0, characters: joined.length };
  const digits = HEX_DIGITS[text[at + 1] ?? ""] ?? 0;
  const codePoint = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
  return { units: codePoint > 0xffff ? 2 : 1, characters: 2 + digits };
};

/** Lines stand in the value without their indentation and in order; what lies between them there is the breaks. */
function blockOffsets(text: string, scalar: Scalar, value: string): number[] {
  const token = scalar.srcToken;
  const [start, end] = scalar.range ?? [0, 0];
  if (token?.type !== "block-scalar") return [start];
  const header = token.props.reduce((sum, prop) => sum + ("source" in prop ? prop.source.length : 0), 0);
  const indicator = /^[|>][+-]?([1-9])/.exec(text.slice(start, start + 3))?.[1];
  const indent = indicator === undefined ? null : token.indent + Number(indicator);
  return alignLines(text, start + header, end, value, indent);
}

function alignLines(text: string, from: number, to: number, value: string, given: number | null): number[] {
  const offsets: number[] = [];
  let indent = given;
  for (let at = from; at < to && offsets.length < value.length; ) {
    const lineEnd = endOfLine(text, at, to);
    const content = text.slice(at, lineEnd).replace(/\r$/, "");
    const spaces = content.length - content.replace(/^ +/, "").length;
    if (indent === null && spaces < content.length) indent = spaces;
    const line = content.slice(indent ?? content.length);
    // Breaks before this line: they are told at the end of the line above.
    while (line !== "" && offsets.length < value.length && !value.startsWith(line, offsets.length)) offsets.push(Math.max(from, at - 1));
    for (let column = 0; column < line.length; column++) offsets.push(at + content.length - line.length + column);
    at = lineEnd + 1;
  }
  while (offsets.length <= value.length) offsets.push(to);
  return offsets.slice(0, value.length + 1);
}

function endOfLine(text: string, at: number, to: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 || found > to ? to : found;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
