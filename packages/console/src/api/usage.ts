import type { BudgetList, BudgetView, PutBudgetBody, UsageGroup, UsageReport } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, callText, path } from "#api/client.ts";

export interface UsageOf {
  readonly by: UsageGroup;
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  /** What runs of drafts paid counts too. */
  readonly drafts?: true | undefined;
}

const ROWS = 200;

export const usageQuery = (of: UsageOf) =>
  queryOptions({
    queryKey: ["usage", of],
    queryFn: ({ signal }) => call<UsageReport>("/api/v1/usage", { query: { ...of, limit: ROWS }, signal }),
  });

/** All rows, those beyond the page's limit too. */
export const usageCsv = (of: UsageOf) => callText("/api/v1/usage", { query: { ...of }, headers: { Accept: "text/csv" } });

export const budgetsQuery = queryOptions({
  queryKey: ["budgets"],
  queryFn: async ({ signal }) => (await call<BudgetList>("/api/v1/budgets", { signal })).data,
});

export const putBudget = (body: PutBudgetBody) => call<BudgetView>("/api/v1/budgets", { method: "PUT", body });

export const removeBudget = (id: string) => call<void>(path("api", "v1", "budgets", id), { method: "DELETE" });
