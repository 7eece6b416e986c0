import { type Said, say } from "@millrace/contract";
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

export const TOO_DEEP = say`The expression is nested too deep; at most ${MAX_NESTING} levels are allowed.`;
const TOO_MANY = say`The expression has too many operators in one place; at most ${MAX_OPEN_OPERATORS} are allowed.`;

export interface TooDeep extends Span {
  readonly code: "too_deep" | "too_many_operators";
  readonly message: Said;
}

/**
 * The place where the source is nested too deep for a recursive parser, or null. Tokens are read without recursion.
 * Throws the tokenizer's SyntaxError where the source has no tokens.
 */
export function findTooDeep(source: string): TooDeep | null {
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
    const { start, end } = token;
    if (operatorsByGroup.length - 1 > MAX_NESTING) return { code: "too_deep", message: TOO_DEEP, start, end };
    if (open > MAX_OPEN_OPERATORS) return { code: "too_many_operators", message: TOO_MANY, start, end };
  }
  return null;
}

function tokens(source: string): Iterable<Token> {
  return { [Symbol.iterator]: () => tokenizer(source, { ecmaVersion: "latest", sourceType: "script" })[Symbol.iterator]() };
}
