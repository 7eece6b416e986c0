import { setImmediate } from "node:timers/promises";
import type { SqlDatabase } from "#store/sql/database";
import { all, type Steps } from "#store/sql/steps";
import { DAY_MS, QUARTER_MS, readSum, readUsage, SUM_COLUMNS, USAGE_COLUMNS } from "#store/sql/usage-row";
import type { Period, UsageDimension, UsageOf, UsageRow, UsageStore, UsageSum, UsageTotals } from "#store/usage-store";
import { addTotals, NO_USAGE } from "#store/usage-totals";

/** Rows that are read in one go: a few milliseconds, after which others have their turn. */
const SLICE_ROWS = 500;

const END_OF_TIME = Number.MAX_SAFE_INTEGER;

const SUMS = `SELECT ${SUM_COLUMNS} FROM usage_sums`;
const SLICE = `
  ${SUMS} WHERE tenant_id = ? AND dimension = ? AND span = ? AND since < ? AND (since, value) > (?, ?)
  ORDER BY since, value LIMIT ?`;
const OF_VALUE = `
  ${SUMS} INDEXED BY usage_sums_value
  WHERE tenant_id = ? AND dimension = ? AND value = ? AND span = ? AND since >= ? AND since < ? ORDER BY since`;
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

  async sums(tenantId: string, dimension: UsageDimension, period: Period): Promise<readonly UsageSum[]> {
    const sums = new Map<string, UsageTotals>();
    for (const { span, from, to } of parts(period)) {
      for await (const rows of this.#slices(tenantId, dimension, span, { from, to })) {
        for (const row of rows) sums.set(row.value, addTotals(sums.get(row.value) ?? NO_USAGE, row));
      }
    }
    return [...sums].map(([value, totals]) => ({ value, ...totals })).sort((one, other) => (one.value < other.value ? -1 : 1));
  }

  async quarters(tenantId: string, of: UsageOf, period: Period) {
    const { from, to } = wholeQuarters(period);
    const sums = await this.#database.read(ofValue(tenantId, of, { span: QUARTER_MS, from, to }));
    return sums.map(({ value: _, ...row }) => row);
  }

  spent(tenantId: string, of: UsageOf, from: number): Promise<bigint> {
    return this.#database.read(spent(tenantId, of, from));
  }

  async *#slices(tenantId: string, dimension: UsageDimension, span: number, { from, to }: Period): AsyncGenerator<readonly Sum[]> {
    // The last row that was seen: none has this time, and every value comes after it.
    let after: Pick<Sum, "since" | "value"> = { since: from - 1, value: "" };
    for (;;) {
      const values = [tenantId, dimension, span, to, after.since, after.value, SLICE_ROWS] as const;
      const rows = (await this.#database.read(all(SLICE, ...values))).map(readSum);
      yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < SLICE_ROWS) return;
      after = last;
      await setImmediate();
    }
  }
}

function* spent(tenantId: string, of: UsageOf, from: number): Steps<bigint> {
  let sum = 0n;
  for (const part of parts({ from, to: END_OF_TIME })) for (const { credits } of yield* ofValue(tenantId, of, part)) sum += credits;
  return sum;
}

function* ofValue(tenantId: string, { dimension, value }: UsageOf, { span, from, to }: Part): Steps<readonly Sum[]> {
  return (yield* all(OF_VALUE, tenantId, dimension, value, span, from, to)).map(readSum);
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
