import { USAGE_KINDS, type UsageKind } from "@millrace/contract";
import { roundCredits } from "@millrace/engine";
import type { RunRow } from "#store/store";
import type { UsageRow } from "#store/usage-store";

/** One row of the published answer about credits, keys in its order. Each kind is rounded once; `total` is the run's. */
export function presentRunCredits({ id, startedAt, totalCost }: RunRow, usage: readonly UsageRow[]) {
  const sums = new Map<UsageKind, bigint>();
  for (const { kind, credits } of usage) sums.set(kind, (sums.get(kind) ?? 0n) + credits);
  const kinds = Object.fromEntries(USAGE_KINDS.map((kind) => [kind, roundCredits(sums.get(kind) ?? 0n)]));
  return { run_id: id, run_start_time: startedAt, ...kinds, total: totalCost };
}
