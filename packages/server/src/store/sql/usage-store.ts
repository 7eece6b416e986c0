import { setImmediate } from "node:timers/promises";
import type { SqlDatabase } from "#store/sql/database";
import { all, type Steps } from "#store/sql/steps";
import { DAY_MS, QUARTER_MS, readSum, readUsage, SUM_COLUMNS, type SumTable, USAGE_COLUMNS } from "#store/sql/usage-row";
import type { Period, UsageDimension, UsageOf, UsagePart, UsageRow, UsageStore, UsageSum, UsageTotals } from "#store/usage-store";
import { addTotals, NO_USAGE, withoutTotals } from "#store/usage-totals";

/** Rows that are read in one go: a few milliseconds, after which others have their turn. */
const SLICE_ROWS = 500;

const END_OF_TIME = Number.MAX_SAFE_INTEGER;

const SUMS = { usage_sums: sumWords("usage_sums"), draft_usage_sums: sumWords("draft_usage_sums") };
const OF_RUN = `SELECT ${USAGE_COLUMNS} FROM usage WHERE tenant_id = ? AND run_id = ? ORDER BY seq, ordinal`;

type Sum = UsageSum & { readonly since: number };

export class SqlUsage implements UsageStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async ofRun(tenantId: string, runId: string): Promise<readonly UsageRow[]> {
    return (await this.#database.read(all(OF_RUN, tenantId, runId))).map(readUsage);
  }

  async sums(tenantId: string, dimension: UsageDimension, period: Period, part: UsagePart = "all"): Promise<readonly UsageSum[]> {
    // First what is taken away: what is paid meanwhile is in the other at most.
    const drafts = part === "all" ? NOTHING : await this.#sums("draft_usage_sums", tenantId, dimension, period);
    const sums = without(await this.#sums("usage_sums", tenantId, dimension, period), drafts);
    return [...sums].map(([value, totals]) => ({ value, ...totals })).sort((one, other) => (one.value < other.value ? -1 : 1));
  }

  async quarters(tenantId: string, of: UsageOf, period: Period, part: UsagePart = "all") {
    const quarters = { span: QUARTER_MS, ...wholeQuarters(period) };
    const drafts = part === "all" ? NOTHING : await this.#database.read(bySince("draft_usage_sums", tenantId, of, quarters));
    const sums = without(await this.#database.read(bySince("usage_sums", tenantId, of, quarters)), drafts);
    return [...sums].map(([since, totals]) => ({ since, ...totals }));
  }

  spent(tenantId: string, of: UsageOf, from: number): Promise<bigint> {
    return this.#database.read(spent(tenantId, of, from));
  }

  async #sums(table: SumTable, tenantId: string, dimension: UsageDimension, period: Period): Promise<Map<string, UsageTotals>> {
    const sums = new Map<string, UsageTotals>();
    for (const part of parts(period)) {
      for await (const rows of this.#slices(table, tenantId, dimension, part)) {
        for (const row of rows) sums.set(row.value, addTotals(sums.get(row.value) ?? NO_USAGE, row));
      }
    }
    return sums;
  }

  async *#slices(table: SumTable, tenantId: string, dimension: UsageDimension, { span, from, to }: Part): AsyncGenerator<readonly Sum[]> {
    // The last row that was seen: none has this time, and every value comes after it.
    let after: Pick<Sum, "since" | "value"> = { since: from - 1, value: "" };
    for (;;) {
      const values = [tenantId, dimension, span, to, after.since, after.value, SLICE_ROWS] as const;
      const rows = (await this.#database.read(all(SUMS[table].slice, ...values))).map(readSum);
      yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < SLICE_ROWS) return;
      after = last;
      await setImmediate();
    }
  }
}

/** Units of 10^-12 credits. */
export function* spent(tenantId: string, of: UsageOf, from: number): Steps<bigint> {
  let sum = 0n;
  for (const part of parts({ from, to: END_OF_TIME }))
    for (const { credits } of yield* ofValue("usage_sums", tenantId, of, part)) sum += credits;
  return sum;
}

function* ofValue(table: SumTable, tenantId: string, { dimension, value }: UsageOf, { span, from, to }: Part): Steps<readonly Sum[]> {
  return (yield* all(SUMS[table].ofValue, tenantId, dimension, value, span, from, to)).map(readSum);
}

function* bySince(table: SumTable, tenantId: string, of: UsageOf, part: Part): Steps<Map<number, UsageTotals>> {
  return new Map((yield* ofValue(table, tenantId, of, part)).map(({ value: _, since, ...totals }) => [since, totals]));
}

const NOTHING: ReadonlyMap<never, UsageTotals> = new Map<never, UsageTotals>();

/** Without what runs of drafts paid, and without what is nothing then. */
function without<Key>(sums: ReadonlyMap<Key, UsageTotals>, drafts: ReadonlyMap<Key, UsageTotals>): ReadonlyMap<Key, UsageTotals> {
  if (drafts.size === 0) return sums;
  const left = [...sums].map(([key, sum]) => [key, withoutTotals(sum, drafts.get(key) ?? NO_USAGE)] as const);
  return new Map(left.filter((entry): entry is readonly [Key, UsageTotals] => entry[1] !== null));
}

interface Part extends Period {
  readonly span: number;
}

/** Whole days of UTC, and the quarters of an hour before and after them. */
function parts(period: Period): readonly Part[] {
  const { from, to } = wholeQuarters(period);
  const firstDay = Math.ceil(from / DAY_MS) * DAY_MS;
  const lastDay = Math.floor(to / DAY_MS) * DAY_MS;
  const cut: readonly Part[] =
    firstDay >= lastDay
      ? [{ span: QUARTER_MS, from, to }]
      : [
          { span: QUARTER_MS, from, to: firstDay },
          { span: DAY_MS, from: firstDay, to: lastDay },
          { span: QUARTER_MS, from: lastDay, to },
        ];
  return cut.filter((part) => part.from < part.to);
}

function wholeQuarters({ from, to }: Period): Period {
  return { from: Math.floor(from / QUARTER_MS) * QUARTER_MS, to: Math.ceil(to / QUARTER_MS) * QUARTER_MS };
}

function sumWords(table: SumTable) {
  const select = `SELECT ${SUM_COLUMNS} FROM ${table}`;
  return {
    slice: `
      ${select} WHERE tenant_id = ? AND dimension = ? AND span = ? AND since < ? AND (since, value) > (?, ?)
      ORDER BY since, value LIMIT ?`,
    ofValue: `
      ${select} INDEXED BY ${table}_value
      WHERE tenant_id = ? AND dimension = ? AND value = ? AND span = ? AND since >= ? AND since < ? ORDER BY since`,
  };
}
