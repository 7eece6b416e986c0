import type { BudgetList } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { budgetRow } from "#cli/print-budget";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/budgets");
  const list = json as BudgetList;
  await context.output.data(list, { rows: list.data.map(budgetRow), names: list.data.map(({ id }) => id) });
};
