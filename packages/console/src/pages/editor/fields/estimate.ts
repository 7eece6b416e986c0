import type { PaidRequest } from "@millrace/contract";

/** Prices are of so many tokens. */
const PRICED_TOKENS = 1_000_000;

/** Of a text that no model has read yet: characters a token, and tokens of an answer. */
const CHARACTERS_A_TOKEN = 4;
const ANSWER_TOKENS = 250;

export interface Estimate {
  readonly credits: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Are the tokens those of the last run? */
  readonly measured: boolean;
}

/**
 * What one call of a model will cost, about: with the tokens that the node used last, or else by the length of what it asks.
 * @param price credits for a million tokens, decimal text
 */
export function estimateOf(
  price: { readonly input: string; readonly output: string },
  last: Pick<PaidRequest, "inputTokens" | "outputTokens"> | undefined,
  asked: string,
): Estimate {
  const inputTokens = last?.inputTokens ?? Math.ceil(asked.length / CHARACTERS_A_TOKEN);
  const outputTokens = last?.outputTokens ?? ANSWER_TOKENS;
  const credits = (inputTokens * Number(price.input) + outputTokens * Number(price.output)) / PRICED_TOKENS;
  return { credits, inputTokens, outputTokens, measured: last !== undefined };
}
