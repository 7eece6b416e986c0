import type { PaidRequest } from "@millrace/contract";

/** So many tokens, at so many credits for a million of them. */
export interface Term {
  readonly tokens: number;
  readonly price: string;
}

/** What the credits of a request were reckoned from; empty where nothing says the price. Cached and reasoning tokens have prices of their own. */
export function formulaOf({ kind, inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0, price }: PaidRequest): Term[] {
  if (!price) return [];
  const input = (kind === "asr" && price["inputAudio"]) || price["input"] || "0";
  const output = (kind === "tts" && price["outputAudio"]) || price["output"] || "0";
  return [
    { tokens: inputTokens - cachedTokens, price: input },
    { tokens: cachedTokens, price: price["cached"] ?? input },
    { tokens: outputTokens - reasoningTokens, price: output },
    { tokens: reasoningTokens, price: price["reasoning"] ?? output },
  ].filter(({ tokens }) => tokens > 0);
}
