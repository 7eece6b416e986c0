import { parseCredits, shortCredits } from "@millrace/engine/totals";

/** The sum of exact decimals, as short as it can be written. */
export function sumCredits(credits: readonly string[]): string {
  return shortCredits(credits.reduce((total, one) => total + parseCredits(one), 0n));
}
