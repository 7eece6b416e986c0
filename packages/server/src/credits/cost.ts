import type { Price } from "@millrace/contract";
import { parseCredits, shortCredits, type Usage } from "@millrace/engine";

type Counted = Pick<Usage, "kind" | "inputTokens" | "outputTokens" | "cachedTokens" | "reasoningTokens">;

const MILLION = 1_000_000n;

/**
 * What a request costs, in credits: exact, and rounded once, half up at the 12th place. Prices of at most 6 places are never rounded.
 * Tokens that are counted apart (cached, reasoning) are never more than those that they are part of.
 */
export function costOf(usage: Counted, price: Price): string {
  const cached = Math.min(usage.cachedTokens ?? 0, usage.inputTokens);
  const reasoning = Math.min(usage.reasoningTokens ?? 0, usage.outputTokens);
  const input = usage.kind === "asr" ? (price.inputAudio ?? price.input) : price.input;
  const output = usage.kind === "tts" ? (price.outputAudio ?? price.output) : price.output;
  const parts: readonly (readonly [tokens: number, price: string])[] = [
    [usage.inputTokens - cached, input],
    [cached, price.cached ?? input],
    [usage.outputTokens - reasoning, output],
    [reasoning, price.reasoning ?? output],
  ];
  const millionfold = parts.reduce((sum, [tokens, each]) => sum + BigInt(tokens) * parseCredits(each), 0n);
  return shortCredits((millionfold + MILLION / 2n) / MILLION);
}
