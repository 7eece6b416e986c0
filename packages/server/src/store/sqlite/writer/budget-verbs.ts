import type { DatabaseSync } from "node:sqlite";
import type { NewBudget, OwnedBudget } from "#store/budget-store";
import { BUDGET_COLUMNS, budgetColumns, readBudget } from "#store/sqlite/budget-row";
import { insertTenant } from "#store/sqlite/writer/tenant";

export function budgetVerbs(database: DatabaseSync) {
  const find = database.prepare(`SELECT ${BUDGET_COLUMNS} FROM budgets WHERE tenant_id = ? AND dimension = ? AND value = ? AND period = ?`);
  const put = database.prepare(`INSERT OR REPLACE INTO budgets (${BUDGET_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const remove = database.prepare("DELETE FROM budgets WHERE tenant_id = ? AND id = ?");
  const tenant = insertTenant(database);
  return {
    putBudget(tenantId: string, { at, ...given }: NewBudget): OwnedBudget {
      tenant(tenantId, at);
      const { dimension, value } = given.of;
      const row = find.get(tenantId, dimension, value, given.period);
      const before = row ? readBudget(row) : { id: given.id, createdAt: at };
      const budget = { tenantId, ...given, id: before.id, createdAt: before.createdAt, updatedAt: at };
      put.run(...budgetColumns(budget));
      return budget;
    },

    deleteBudget(tenantId: string, id: string): boolean {
      return remove.run(tenantId, id).changes === 1;
    },
  };
}
