import type { PriceView } from "@millrace/contract";

/** A price as a row of a table: credits for a million tokens. */
export function priceRow({ models, price, above }: PriceView) {
  return {
    models,
    input: price.input,
    output: price.output,
    cached: price.cached ?? price.input,
    reasoning: price.reasoning ?? price.output,
    beyond: (above ?? []).map((tier) => `${tier.inputTokens}: ${tier.price.input}/${tier.price.output}`).join(", "),
  };
}
