import type { Usage } from "#directive";
import type { Entry } from "#journal";
import { creditsText, parseCredits } from "#totals";

/** What a run cost, as usage of the step that called it: one row a kind and model, each an exact sum. */
export function rollUp(entries: readonly Entry[]): readonly Usage[] {
  const sums = new Map<string, Usage>();
  for (const entry of entries) {
    if (entry.type !== "node-finished" && entry.type !== "node-failed") continue;
    for (const row of entry.usage ?? []) {
      const key = JSON.stringify([row.kind, row.model]);
      sums.set(key, added(row, sums.get(key)));
    }
  }
  return [...sums.values()];
}

function added(row: Usage, sum: Usage | undefined): Usage {
  if (!sum) return row;
  return {
    ...row,
    inputTokens: sum.inputTokens + row.inputTokens,
    outputTokens: sum.outputTokens + row.outputTokens,
    credits: creditsText(parseCredits(sum.credits) + parseCredits(row.credits)),
  };
}
