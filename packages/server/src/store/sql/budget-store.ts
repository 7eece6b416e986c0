import type { BudgetRow, BudgetStore, NewBudget, OwnedBudget } from "#store/budget-store";
import { BUDGET_COLUMNS, readBudget } from "#store/sql/budget-row";
import type { SqlDatabase } from "#store/sql/database";
import { all } from "#store/sql/steps";

const SELECT = `SELECT ${BUDGET_COLUMNS} FROM budgets`;

export class SqlBudgets implements BudgetStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async all(): Promise<readonly OwnedBudget[]> {
    return (await this.#database.read(all(`${SELECT} ORDER BY tenant_id, created_at, id`))).map(readBudget);
  }

  async list(tenantId: string): Promise<readonly BudgetRow[]> {
    const rows = await this.#database.read(all(`${SELECT} WHERE tenant_id = ? ORDER BY created_at, id`, tenantId));
    return rows.map((row) => withoutTenant(readBudget(row)));
  }

  async put(tenantId: string, budget: NewBudget): Promise<BudgetRow> {
    const row = await this.#database.write("putBudget", [tenantId, budget]);
    await this.#database.changedEverywhere({ kind: "budget", id: row.id });
    return withoutTenant(row);
  }

  async delete(tenantId: string, id: string): Promise<boolean> {
    const isDeleted = await this.#database.write("deleteBudget", [tenantId, id]);
    if (isDeleted) await this.#database.changedEverywhere({ kind: "budget", id });
    return isDeleted;
  }
}

function withoutTenant({ tenantId: _, ...row }: OwnedBudget): BudgetRow {
  return row;
}
