import type { Given } from "./books.ts";

// What answers cost, reckoned apart from the server: prices with awkward decimals, in integers.

/** Credits for a million tokens; the last has more places than a price can pass on without rounding. */
export const PRICES: { readonly [model: string]: { readonly [unit: string]: string } } = {
  "models/small": { input: "15.37", output: "61.01", cached: "1.4999", reasoning: "77.7" },
  "models/large": { input: "0.333333333", output: "0.000000000007" },
  "responses/gpt-4o": { input: "7.1", output: "33.333" },
  "chat/gpt-4o-mini": { input: "0.000001", output: "1000.01" },
  "claude/claude-sonnet-4-5": { input: "3.14159", output: "27.1828" },
  "gemini/gemini-2.5-flash": { input: "0.9", output: "12.345678901" },
};

const PLACES = 12;
/** Units of 10^-12 credits in one. */
const CREDIT = 10n ** BigInt(PLACES);
const MILLION = 1_000_000n;

/** In units of 10^-12 credits, half up. */
export function priceOf({ model, inputTokens, outputTokens, cachedTokens, reasoningTokens }: Given): bigint {
  const { input = "0", output = "0", cached = input, reasoning = output } = PRICES[model] ?? {};
  const sum =
    BigInt(inputTokens - cachedTokens) * units(input) +
    BigInt(cachedTokens) * units(cached) +
    BigInt(outputTokens - reasoningTokens) * units(output) +
    BigInt(reasoningTokens) * units(reasoning);
  return (2n * sum + MILLION) / (2n * MILLION);
}

/** `0.0125` */
export function units(decimal: string): bigint {
  const [whole = "", places = ""] = decimal.split(".");
  return BigInt(whole + places.padEnd(PLACES, "0"));
}

/** As a run's `totalCost` says it: four places, half up. */
export function shown(credits: bigint): number {
  const step = CREDIT / 10_000n;
  return Number((2n * credits + step) / (2n * step)) / 10_000;
}
