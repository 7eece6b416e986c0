import { canonicalJson } from "@millrace/contract";
import type { Usage } from "#directive";
import type { Entry } from "#journal";
import { creditsText, parseCredits } from "#totals";
import { usageOfEntry } from "#usage-of-entry";

/** What a run cost, as usage of the step that called it: one row a kind and model, each an exact sum. */
export function rollUp(entries: readonly Entry[]): readonly Usage[] {
  const sums = new Map<string, Usage>();
  for (const entry of entries) {
    for (const row of usageOfEntry(entry).flatMap(({ usage }) => usage)) {
      const key = JSON.stringify([row.kind, row.model]);
      sums.set(key, added(row, sums.get(key)));
    }
  }
  return [...sums.values()];
}

function added(row: Usage, sum: Usage | undefined): Usage {
  if (!sum) return row;
  const { price: _, ...rest } = row;
  return {
    ...rest,
    ...counts(row, sum),
    credits: creditsText(parseCredits(sum.credits) + parseCredits(row.credits)),
    ...(row.price && sum.price && canonicalJson(row.price) === canonicalJson(sum.price) && { price: row.price }),
  };
}

function counts(one: Usage, other: Usage) {
  const cachedTokens = (one.cachedTokens ?? 0) + (other.cachedTokens ?? 0);
  const reasoningTokens = (one.reasoningTokens ?? 0) + (other.reasoningTokens ?? 0);
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(cachedTokens > 0 && { cachedTokens }),
    ...(reasoningTokens > 0 && { reasoningTokens }),
  };
}
