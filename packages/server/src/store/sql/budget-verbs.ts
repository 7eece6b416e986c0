import type { NewBudget, OwnedBudget } from "#store/budget-store";
import { BUDGET_COLUMNS, budgetColumns, readBudget } from "#store/sql/budget-row";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";

const FIND = `SELECT ${BUDGET_COLUMNS} FROM budgets WHERE tenant_id = ? AND dimension = ? AND value = ? AND period = ?`;
const PUT = upsert("budgets", BUDGET_COLUMNS, "tenant_id, id");

export const budgetVerbs = {
  *putBudget(tenantId: string, { at, ...given }: NewBudget): Steps<OwnedBudget> {
    yield* insertTenant(tenantId, at);
    const { dimension, value } = given.of;
    const row = yield* one(FIND, tenantId, dimension, value, given.period);
    const before = row ? readBudget(row) : { id: given.id, createdAt: at };
    const budget = { tenantId, ...given, id: before.id, createdAt: before.createdAt, updatedAt: at };
    yield* run(PUT, ...budgetColumns(budget));
    return budget;
  },

  *deleteBudget(tenantId: string, id: string): Steps<boolean> {
    return (yield* run("DELETE FROM budgets WHERE tenant_id = ? AND id = ?", tenantId, id)) === 1;
  },
};
