import type { JsonObject } from "@millrace/contract";
import { addUsage, NO_TOTALS, shortCredits, type Usage } from "@millrace/engine";

/** What rows of usage come to, as a node shows it in its result. `credits` is an exact decimal as text. */
export function usageResult(rows: readonly Usage[]): JsonObject {
  const sum = (count: (row: Usage) => number | undefined) => rows.reduce((total, row) => total + (count(row) ?? 0), 0);
  return {
    inputTokens: sum((row) => row.inputTokens),
    outputTokens: sum((row) => row.outputTokens),
    cachedTokens: sum((row) => row.cachedTokens),
    reasoningTokens: sum((row) => row.reasoningTokens),
    credits: shortCredits(addUsage(NO_TOTALS, rows).credits),
  };
}
