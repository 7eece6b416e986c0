import type { Usage } from "@millrace/engine";
import type { IndexingUsage } from "#store/knowledge-store";
import { sumCredits } from "#store/sum-credits";

/** The same direction, of length 1; a vector without one stays. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

export function spentIn(usage: readonly Usage[]): IndexingUsage {
  return {
    tokens: usage.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    credits: sumCredits(usage.map(({ credits }) => credits)),
  };
}
