import type { UsageOf } from "#store/usage-store";

/** What may be spent. */
export interface BudgetStore {
  /** Of all tenants: whoever drives runs keeps them in mind. */
  all(): Promise<readonly OwnedBudget[]>;
  /** In the order of their making. */
  list(tenantId: string): Promise<readonly BudgetRow[]>;
  /** Makes it, or replaces the one of the same subject and period, which keeps its id. */
  put(tenantId: string, budget: NewBudget): Promise<BudgetRow>;
  /** False when there is no such thing. */
  delete(tenantId: string, id: string): Promise<boolean>;
}

export interface NewBudget {
  /** 24 hex characters. */
  readonly id: string;
  /** Whose spending it bounds; of the dimensions tenant, workflow, key and user. */
  readonly of: UsageOf;
  /** After which it begins anew. */
  readonly period: BudgetPeriod;
  /** IANA name: where its days and months begin. */
  readonly timeZone: string;
  /** Units of 10^-12. */
  readonly credits: bigint;
  readonly at: number;
}

export type BudgetPeriod = "day" | "month" | "total";

export interface BudgetRow extends Omit<NewBudget, "at"> {
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnedBudget extends BudgetRow {
  readonly tenantId: string;
}
