import type { UsageTotals } from "#store/usage-store";

export const NO_USAGE: UsageTotals = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  credits: 0n,
};

/** What is left of the first; null: nothing. */
export function withoutTotals(one: UsageTotals, other: UsageTotals): UsageTotals | null {
  const left = {
    requests: one.requests - other.requests,
    inputTokens: one.inputTokens - other.inputTokens,
    outputTokens: one.outputTokens - other.outputTokens,
    cachedTokens: one.cachedTokens - other.cachedTokens,
    reasoningTokens: one.reasoningTokens - other.reasoningTokens,
    credits: one.credits - other.credits,
  };
  return left.requests === 0 ? null : left;
}

export function addTotals(one: UsageTotals, other: UsageTotals): UsageTotals {
  return {
    requests: one.requests + other.requests,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cachedTokens: one.cachedTokens + other.cachedTokens,
    reasoningTokens: one.reasoningTokens + other.reasoningTokens,
    credits: one.credits + other.credits,
  };
}
