import { creditsText } from "@millrace/engine";

/** Units of 10^-12 credits as the shortest decimal text: "0.2113", "-3", "500". */
export function shortCredits(units: bigint): string {
  const text = creditsText(units < 0n ? -units : units).replace(/\.?0+$/, "");
  return units < 0n ? `-${text}` : text;
}
