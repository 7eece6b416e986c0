import { parseCredits } from "@millrace/engine";
import type { PaidOutside } from "#store/knowledge-store";
import type { RunIdentity } from "#store/sql/run-row";
import { insert, one, run, type Steps, upsert } from "#store/sql/steps";
import {
  DAY_MS,
  QUARTER_MS,
  readSum,
  SUM_COLUMNS,
  type SumKey,
  sumColumns,
  USAGE_COLUMNS,
  type UsageColumns,
  usageChecksum,
} from "#store/sql/usage-row";
import type { UsageDimension, UsageTotals } from "#store/usage-store";
import { addTotals } from "#store/usage-totals";

// Writes what was paid for, and adds it up; always inside the transaction of the entries that tell of it.

const INSERT = insert("usage", USAGE_COLUMNS);
const FIND_SUM = `SELECT ${SUM_COLUMNS} FROM usage_sums WHERE tenant_id = ? AND dimension = ? AND span = ? AND since = ? AND value = ?`;
const PUT_SUM = upsert("usage_sums", SUM_COLUMNS, "tenant_id, dimension, span, since, value");

const NOBODYS = { tenant: "", workflow: "", version: "", key: "", user: "" };

/** What a run paid for. `seq`: number of the first entry of the segment. */
export function* addUsage(tenantId: string, identity: RunIdentity, seq: number, usage: readonly UsageColumns[]): Steps<void> {
  for (const [entry, ...columns] of usage) {
    const values = [tenantId, identity.id, seq + entry, ...columns] as const;
    yield* run(INSERT, ...values, usageChecksum(values));
    const [, at, , , kind, model, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits, , paidBy, cached] = columns;
    // Counted where it was paid.
    if (paidBy !== null || cached !== null) continue;
    const more = { requests: 1, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: BigInt(credits) };
    yield* addUp(tenantId, valuesOf(identity, kind, model), at, more);
  }
}

/** What was paid, but not for a run: it belongs to the tenant, a model and a kind. */
export function* addUsageOutside(tenantId: string, { at, usage }: PaidOutside): Steps<void> {
  for (const { kind, model = "", inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0, credits } of usage) {
    const more = { requests: 1, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: parseCredits(credits) };
    yield* addUp(tenantId, { ...NOBODYS, kind, model }, at, more);
  }
}

type Values = { readonly [Dimension in UsageDimension]: string };

function* addUp(tenantId: string, values: Values, at: number, more: UsageTotals): Steps<void> {
  for (const [dimension, value] of Object.entries(values)) {
    for (const span of [QUARTER_MS, DAY_MS]) yield* addTo([tenantId, dimension, span, at - (at % span), value], more);
  }
}

function* addTo(key: SumKey, more: UsageTotals): Steps<void> {
  const row = yield* one(FIND_SUM, ...key);
  const sum = row ? addTotals(readSum(row), more) : more;
  yield* run(PUT_SUM, ...sumColumns(key, { value: key[4], ...sum }));
}

function valuesOf({ workflowId, version, keyId, userId }: RunIdentity, kind: string, model: string | null): Values {
  return {
    tenant: "",
    workflow: workflowId,
    version: `${workflowId}/${version}`,
    key: keyId ?? "",
    user: userId ?? "",
    model: model ?? "",
    kind,
  };
}
