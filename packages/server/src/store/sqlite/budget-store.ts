import type { DatabaseSync } from "node:sqlite";
import type { BudgetRow, BudgetStore, NewBudget, OwnedBudget } from "#store/budget-store";
import { BUDGET_COLUMNS, readBudget } from "#store/sqlite/budget-row";
import { reading } from "#store/sqlite/failure";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";

export class SqliteBudgets implements BudgetStore {
  readonly #writer: Writer;
  readonly #changed: (change: Change) => void;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void) {
    this.#writer = writer;
    this.#changed = changed;
    this.#read = prepareReads(reader);
  }

  async all(): Promise<readonly OwnedBudget[]> {
    return reading(() => this.#read.all.all().map(readBudget));
  }

  async list(tenantId: string): Promise<readonly BudgetRow[]> {
    return reading(() => this.#read.ofTenant.all(tenantId).map((row) => withoutTenant(readBudget(row))));
  }

  async put(tenantId: string, budget: NewBudget): Promise<BudgetRow> {
    const row = await this.#writer.write("putBudget", [tenantId, budget]);
    this.#changed({ kind: "budget", id: row.id });
    return withoutTenant(row);
  }

  async delete(tenantId: string, id: string): Promise<boolean> {
    const isDeleted = await this.#writer.write("deleteBudget", [tenantId, id]);
    if (isDeleted) this.#changed({ kind: "budget", id });
    return isDeleted;
  }
}

function withoutTenant({ tenantId: _, ...row }: OwnedBudget): BudgetRow {
  return row;
}

function prepareReads(database: DatabaseSync) {
  const select = `SELECT ${BUDGET_COLUMNS} FROM budgets`;
  return {
    all: database.prepare(`${select} ORDER BY tenant_id, created_at, id`),
    ofTenant: database.prepare(`${select} WHERE tenant_id = ? ORDER BY created_at, id`),
  };
}
