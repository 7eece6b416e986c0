import type { ChatUsage } from "@millrace/contract";
import type { JournalPart } from "#store/store";

/** What the run's steps consumed in all, runs that they called and attempts that failed included: the entries that its totals are made of. */
export async function chatUsage(journal: AsyncIterable<JournalPart>): Promise<ChatUsage> {
  const sums = { input: 0, output: 0, cached: 0, reasoning: 0 };
  for await (const { entries } of journal) {
    for (const entry of entries) {
      for (const row of ("usage" in entry ? entry.usage : undefined) ?? []) {
        sums.input += row.inputTokens;
        sums.output += row.outputTokens;
        sums.cached += row.cachedTokens ?? 0;
        sums.reasoning += row.reasoningTokens ?? 0;
      }
    }
  }
  return {
    prompt_tokens: sums.input,
    completion_tokens: sums.output,
    total_tokens: sums.input + sums.output,
    prompt_tokens_details: { cached_tokens: sums.cached },
    completion_tokens_details: { reasoning_tokens: sums.reasoning },
  };
}
