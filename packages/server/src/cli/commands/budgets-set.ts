import type { BudgetView } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { budgetRow } from "#cli/print-budget";

export const run: Action = async (context, given) => {
  const [workflow, key, user] = ["workflow", "key", "user"].map((flag) => given.text(flag));
  const subject = { ...(workflow !== undefined && { workflow }), ...(key !== undefined && { key }), ...(user !== undefined && { user }) };
  const body = {
    ...subject,
    period: given.text("period") ?? "month",
    timeZone: given.text("time-zone") ?? "UTC",
    credits: given.argument(0),
  };
  const { json } = await call(context, "PUT", "/api/v1/budgets", { body });
  const budget = json as BudgetView;
  await context.output.data(budget, { rows: [budgetRow(budget)], names: [budget.id] });
};
