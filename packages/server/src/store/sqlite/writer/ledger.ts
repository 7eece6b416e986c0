import type { DatabaseSync } from "node:sqlite";
import { parseCredits } from "@millrace/engine";
import type { PaidOutside } from "#store/knowledge-store";
import type { RunIdentity } from "#store/sqlite/run-row";
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
} from "#store/sqlite/usage-row";
import type { UsageDimension, UsageTotals } from "#store/usage-store";
import { addTotals } from "#store/usage-totals";

/** Writes what runs paid for, and adds it up; always inside the transaction of the entries that tell of it. */
export class Ledger {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
  }

  /** `seq`: number of the first entry of the segment. */
  add(tenantId: string, run: RunIdentity, seq: number, usage: readonly UsageColumns[]): void {
    for (const [entry, ...columns] of usage) {
      const values = [tenantId, run.id, seq + entry, ...columns] as const;
      this.#sql.insert.run(...values, usageChecksum(values));
      const [, at, , , kind, model, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits, , paidBy, cached] = columns;
      // Counted where it was paid.
      if (paidBy !== null || cached !== null) continue;
      const more = { requests: 1, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: BigInt(credits) };
      this.#addUp(tenantId, valuesOf(run, kind, model), at, more);
    }
  }

  /** What was paid, but not for a run: it belongs to the tenant, a model and a kind. */
  addOutside(tenantId: string, { at, usage }: PaidOutside): void {
    for (const { kind, model = "", inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0, credits } of usage) {
      const more = { requests: 1, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: parseCredits(credits) };
      this.#addUp(tenantId, { ...NOBODYS, kind, model }, at, more);
    }
  }

  #addUp(tenantId: string, values: { readonly [Dimension in UsageDimension]: string }, at: number, more: UsageTotals): void {
    for (const [dimension, value] of Object.entries(values)) {
      for (const span of [QUARTER_MS, DAY_MS]) this.#addTo([tenantId, dimension, span, at - (at % span), value], more);
    }
  }

  #addTo(key: SumKey, more: UsageTotals): void {
    const row = this.#sql.sum.get(...key);
    const sum = row ? addTotals(readSum(row), more) : more;
    this.#sql.put.run(...sumColumns(key, { value: key[4], ...sum }));
  }
}

const NOBODYS = { tenant: "", workflow: "", version: "", key: "", user: "" };

function valuesOf({ workflowId, version, keyId, userId }: RunIdentity, kind: string, model: string | null) {
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

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare(`INSERT INTO usage (${USAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    sum: database.prepare(
      `SELECT ${SUM_COLUMNS} FROM usage_sums WHERE tenant_id = ? AND dimension = ? AND span = ? AND since = ? AND value = ?`,
    ),
    put: database.prepare(`INSERT OR REPLACE INTO usage_sums (${SUM_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  };
}
