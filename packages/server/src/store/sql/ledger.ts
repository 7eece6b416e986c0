import { parseCredits } from "@millrace/engine/totals";
import type { PaidOutside } from "#store/knowledge-store";
import type { RunIdentity } from "#store/sql/run-row";
import { insert, one, run, type Steps, upsert } from "#store/sql/steps";
import {
  DAY_MS,
  QUARTER_MS,
  readSum,
  SUM_COLUMNS,
  type SumKey,
  type SumTable,
  sumColumns,
  USAGE_COLUMNS,
  type UsageColumns,
  usageChecksum,
} from "#store/sql/usage-row";
import type { UsageDimension, UsageTotals } from "#store/usage-store";
import { addTotals } from "#store/usage-totals";
import { isDraftVersion } from "#store/version-name";

// Writes what was paid for, and adds it up; always inside the transaction of the entries that tell of it.

const INSERT = insert("usage", USAGE_COLUMNS);
const SUMS = { usage_sums: sumWords("usage_sums"), draft_usage_sums: sumWords("draft_usage_sums") };

const NOBODYS = { tenant: "", workflow: "", version: "", key: "", user: "" };

/** What a run paid for. `seq`: number of the first entry of the segment. */
export function* addUsage(tenantId: string, identity: RunIdentity, seq: number, usage: readonly UsageColumns[]): Steps<void> {
  for (const [entry, ...columns] of usage) {
    const row = [tenantId, identity.id, seq + entry, ...columns] as const;
    yield* run(INSERT, ...row, usageChecksum(row));
    const [, at, , , kind, model, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits, , paidBy, cached] = columns;
    // Counted where it was paid.
    if (paidBy !== null || cached !== null) continue;
    const more = { requests: 1, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: BigInt(credits) };
    const values = valuesOf(identity, kind, model);
    yield* addUp("usage_sums", tenantId, values, at, more);
    if (isDraftVersion(identity.version)) yield* addUp("draft_usage_sums", tenantId, values, at, more);
  }
}

/** What was paid, but not for a run: it belongs to the tenant, a model and a kind. */
export function* addUsageOutside(tenantId: string, { at, usage }: PaidOutside): Steps<void> {
  for (const { kind, model = "", inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0, credits } of usage) {
    const more = { requests: 1, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: parseCredits(credits) };
    yield* addUp("usage_sums", tenantId, { ...NOBODYS, kind, model }, at, more);
  }
}

type Values = { readonly [Dimension in UsageDimension]: string };

function* addUp(table: SumTable, tenantId: string, values: Values, at: number, more: UsageTotals): Steps<void> {
  for (const [dimension, value] of Object.entries(values)) {
    for (const span of [QUARTER_MS, DAY_MS]) yield* addTo(table, [tenantId, dimension, span, at - (at % span), value], more);
  }
}

function* addTo(table: SumTable, key: SumKey, more: UsageTotals): Steps<void> {
  const { find, put } = SUMS[table];
  const row = yield* one(find, ...key);
  const sum = row ? addTotals(readSum(row), more) : more;
  yield* run(put, ...sumColumns(key, { value: key[4], ...sum }));
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

function sumWords(table: SumTable) {
  return {
    find: `SELECT ${SUM_COLUMNS} FROM ${table} WHERE tenant_id = ? AND dimension = ? AND span = ? AND since = ? AND value = ?`,
    put: upsert(table, SUM_COLUMNS, "tenant_id, dimension, span, since, value"),
  };
}
