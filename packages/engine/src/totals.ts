import type { Usage } from "#directive";

/** Exact sums over every attempt. Credits are counted in units of 10^-12, as a bigint. */
export interface Totals {
  readonly credits: bigint;
  readonly tokens: number;
}

export const NO_TOTALS: Totals = { credits: 0n, tokens: 0 };

/** Finer than any price: a price a token is quoted in at most 9 places of a US$, and 100 credits are US$1. */
const SCALE = 12;
const UNIT = 10n ** BigInt(SCALE);
const DECIMAL = /^(\d{1,30})(?:\.(\d{1,12}))?$/;

export function addUsage(totals: Totals, usage: readonly Usage[] | undefined): Totals {
  if (!usage || usage.length === 0) return totals;
  let { credits, tokens } = totals;
  for (const row of usage) {
    credits += parseCredits(row.credits);
    tokens += row.inputTokens + row.outputTokens;
  }
  return { credits, tokens };
}

/** "0.0125" → units of 10^-12. A text that is no plain decimal of at most 12 places is an error, never rounded. */
export function parseCredits(text: string): bigint {
  const match = DECIMAL.exec(text);
  if (!match) throw new Error(`credits "${text}" are not a decimal number of at most ${SCALE} places`);
  return BigInt(match[1] ?? "0") * UNIT + BigInt((match[2] ?? "").padEnd(SCALE, "0"));
}

/** The text of so many units: what `parseCredits` reads. */
export function creditsText(credits: bigint): string {
  return `${credits / UNIT}.${String(credits % UNIT).padStart(SCALE, "0")}`;
}

/** The shortest text of so many units: "0.2113", "-3", "500". */
export function shortCredits(units: bigint): string {
  if (units < 0n) return `-${shortCredits(-units)}`;
  const places = String(units % UNIT).padStart(SCALE, "0");
  let end = SCALE;
  while (end > 0 && places[end - 1] === "0") end -= 1;
  return end === 0 ? String(units / UNIT) : `${units / UNIT}.${places.slice(0, end)}`;
}

/** Rounded half-up to 4 places: the number on the wire. */
export function roundCredits(credits: bigint): number {
  const step = UNIT / 10_000n;
  return Number((credits + step / 2n) / step) / 10_000;
}
