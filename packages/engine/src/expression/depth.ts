import { type Token, type TokenType, tokenizer, tokTypes } from "acorn";
import type { Span } from "#expression/ast";
import { MAX_NESTING, MAX_OPEN_OPERATORS } from "#expression/limits";

const OPENING: ReadonlySet<TokenType> = new Set([tokTypes.parenL, tokTypes.bracketL, tokTypes.braceL, tokTypes.dollarBraceL]);
const CLOSING: ReadonlySet<TokenType> = new Set([tokTypes.parenR, tokTypes.bracketR, tokTypes.braceR]);
const SEPARATING: ReadonlySet<TokenType> = new Set([tokTypes.comma, tokTypes.semi]);

/** What follows these is parsed one call deeper. Keywords count too. */
const DEEPENING: ReadonlySet<TokenType> = new Set([
  tokTypes.question,
  tokTypes.colon,
  tokTypes.arrow,
  tokTypes.eq,
  tokTypes.assign,
  tokTypes.incDec,
  tokTypes.prefix,
  tokTypes.logicalOR,
  tokTypes.logicalAND,
  tokTypes.bitwiseOR,
  tokTypes.bitwiseXOR,
  tokTypes.bitwiseAND,
  tokTypes.equality,
  tokTypes.relational,
  tokTypes.bitShift,
  tokTypes.plusMin,
  tokTypes.modulo,
  tokTypes.star,
  tokTypes.slash,
  tokTypes.starstar,
  tokTypes.coalesce,
]);

/**
 * The place where the source is nested too deep for a recursive parser, or null. Tokens are read without recursion.
 * Throws the tokenizer's SyntaxError where the source has no tokens.
 */
export function findTooDeep(source: string): Span | null {
  const operatorsByGroup: number[] = [0];
  let open = 0;
  for (const token of tokens(source)) {
    const last = operatorsByGroup.length - 1;
    if (OPENING.has(token.type)) operatorsByGroup.push(0);
    else if (CLOSING.has(token.type) && last > 0) open -= operatorsByGroup.pop() ?? 0;
    else if (SEPARATING.has(token.type)) {
      open -= operatorsByGroup[last] ?? 0;
      operatorsByGroup[last] = 0;
    } else if (DEEPENING.has(token.type) || token.type.keyword !== undefined) {
      operatorsByGroup[last] = (operatorsByGroup[last] ?? 0) + 1;
      open++;
    }
    if (operatorsByGroup.length - 1 > MAX_NESTING || open > MAX_OPEN_OPERATORS) return { start: token.start, end: token.end };
  }
  return null;
}

function tokens(source: string): Iterable<Token> {
  return { [Symbol.iterator]: () => tokenizer(source, { ecmaVersion: "latest", sourceType: "script" })[Symbol.iterator]() };
}
