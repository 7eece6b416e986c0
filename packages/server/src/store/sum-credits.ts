import { creditsText, parseCredits } from "@millrace/engine";

/** The sum of exact decimals, as short as it can be written. */
export function sumCredits(credits: readonly string[]): string {
  const sum = creditsText(credits.reduce((total, one) => total + parseCredits(one), 0n));
  return sum.includes(".") ? sum.replace(/\.?0+$/, "") : sum;
}
