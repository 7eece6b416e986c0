import { type Entry, parseCredits, type Usage, usageOfEntry } from "@millrace/engine";
import type { UsageColumns } from "#store/sql/usage-row";

const NONE: readonly UsageColumns[] = [];

/** What the entries say was paid for, as rows. */
export function usageColumns(entries: readonly Entry[]): readonly UsageColumns[] {
  let found: UsageColumns[] | null = null;
  let index = -1;
  for (const entry of entries) {
    index += 1;
    const attempts = usageOfEntry(entry);
    if (attempts.length === 0) continue;
    const place = index;
    const rows = attempts.flatMap(({ path, attempt, usage }) => usage.map((row) => ({ path, attempt, row })));
    found ??= [];
    found.push(...rows.map(({ path, attempt, row }, ordinal) => columnsOf([place, ordinal, entry.at, path, attempt], row)));
  }
  return found ?? NONE;
}

function columnsOf(place: readonly [number, number, number, string, number], usage: Usage): UsageColumns {
  const {
    kind,
    model = null,
    inputTokens,
    outputTokens,
    cachedTokens = 0,
    reasoningTokens = 0,
    credits,
    price,
    runId = null,
    cached,
  } = usage;
  const exact = String(parseCredits(credits));
  const applied = price ? JSON.stringify(price) : null;
  return [...place, kind, model, inputTokens, outputTokens, cachedTokens, reasoningTokens, exact, applied, runId, cached ? 1 : null];
}
