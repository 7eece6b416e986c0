import { type Said, say } from "@millrace/contract";
import { type Expression as AcornExpression, parseExpressionAt } from "acorn";
import type { Expression, Span } from "#expression/ast";
import { findTooDeep, TOO_DEEP } from "#expression/depth";
import { MAX_SOURCE_LENGTH } from "#expression/limits";
import type { Problems } from "#expression/problems";
import { rebuild } from "#expression/rebuild";

/**
 * One expression as nodes of the language, or null with problems added. `offset` is where the source lies in the whole string:
 * all spans are offsets there. Never throws, whatever the source.
 */
export function parse(source: string, offset: number, problems: Problems): Expression | null {
  const whole: Span = { start: offset, end: offset + source.length };
  if (source.length > MAX_SOURCE_LENGTH) {
    problems.add("too_long", whole, say`The expression has ${source.length} characters; at most ${MAX_SOURCE_LENGTH} are allowed.`);
    return null;
  }
  if (source.trim() === "") {
    problems.add("empty_expression", whole, say`There is no expression here.`, say`Write a value, such as start.topic.`);
    return null;
  }
  const parsed = parseGuarded(source, offset, problems);
  return parsed === null ? null : rebuild(parsed, offset, problems);
}

function parseGuarded(source: string, offset: number, problems: Problems): AcornExpression | null {
  try {
    const deep = findTooDeep(source);
    if (deep !== null) return refuse(deep.code, { start: deep.start + offset, end: deep.end + offset }, deep.message, problems);
    return parseWhole(source, offset, problems);
  } catch (error) {
    // The tokenizer recurses within regular expressions, before they can be refused: the host's stack is the limit there.
    if (error instanceof RangeError) return refuse("too_deep", { start: offset, end: offset + source.length }, TOO_DEEP, problems);
    if (!(error instanceof SyntaxError)) throw error;
    return syntaxProblem(error, source, offset, problems);
  }
}

function refuse(code: string, span: Span, message: Said, problems: Problems): null {
  problems.add(code, span, message);
  return null;
}

/** Script mode without strictness keeps names such as `package` and `public` free for nodes; `rebuild` refuses what is legacy. */
function parseWhole(source: string, offset: number, problems: Problems): AcornExpression | null {
  let comment: Span | null = null;
  const onComment = (_block: boolean, _text: string, start: number, end: number): void => {
    comment ??= { start: offset + start, end: offset + end };
  };
  const parsed = parseExpressionAt(source, 0, { ecmaVersion: "latest", sourceType: "script", preserveParens: true, onComment });
  if (comment !== null) {
    problems.add("unsupported_syntax", comment, say`Comments are not part of the expression language.`, say`Use the node's note.`);
    return null;
  }
  const rest = source.slice(parsed.end).trim();
  if (rest === "") return parsed;
  const span = { start: offset + parsed.end, end: offset + source.length };
  problems.add(
    "syntax",
    span,
    say`Unexpected "${rest.slice(0, 20)}" after the expression.`,
    say`One expression only; operators join values.`,
  );
  return null;
}

function syntaxProblem(error: SyntaxError & { pos?: number }, source: string, offset: number, problems: Problems): null {
  const at = Math.min(error.pos ?? 0, source.length);
  const end = Math.min(at + 1, source.length);
  problems.add("syntax", { start: offset + at, end: offset + end }, reasonOf(error.message, source.slice(at)));
  return null;
}

/** What the parser's own messages, which are in English alone, begin with; the rest of them is about what stands there. */
const REASONS: readonly (readonly [RegExp, Said])[] = [
  [/^Unterminated (?:string|template)/, say`A text is not closed: its last quote is missing.`],
  [/^(?:Invalid number|Identifier directly after number|Numeric separator|Expected number)/, say`This is no number.`],
  [/escape|^Code point/i, say`After \\ in a text stands nothing that it is for.`],
  [/^Logical expressions and coalesce/, say`\`??\` stands beside \`||\` or \`&&\` in parentheses only.`],
];

/** A word, a number, or one character of anything else. */
const FIRST_WORD = /^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|\d+|.)/su;

/** `rest`: of the source, from where it cannot be read. */
function reasonOf(message: string, rest: string): Said {
  const known = REASONS.find(([beginning]) => beginning.test(message));
  if (known) return known[1];
  const [word] = FIRST_WORD.exec(rest.trimStart()) ?? [];
  return word === undefined ? say`The expression ends too soon.` : say`Unexpected "${word}" in the expression.`;
}
