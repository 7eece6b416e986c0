import type { BudgetPeriod, OwnedBudget } from "#store/budget-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text } from "#store/sql/rows";
import type { UsageDimension } from "#store/usage-store";

export const BUDGET_COLUMNS = "tenant_id, id, dimension, value, period, time_zone, credits, created_at, updated_at, checksum";

export function budgetColumns({ tenantId, id, of, period, timeZone, credits, createdAt, updatedAt }: OwnedBudget) {
  const values = [tenantId, id, of.dimension, of.value, period, timeZone, String(credits), createdAt, updatedAt] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not give money away. */
export function readBudget(row: Row): OwnedBudget {
  const budget: OwnedBudget = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    of: { dimension: text(row, "dimension") as UsageDimension, value: text(row, "value") },
    period: text(row, "period") as BudgetPeriod,
    timeZone: text(row, "time_zone"),
    credits: BigInt(text(row, "credits")),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
  };
  if (budgetColumns(budget).at(-1) !== row["checksum"]) throw new StoreCorrupt(`the row of budget ${budget.id} is not what was written`);
  return budget;
}
