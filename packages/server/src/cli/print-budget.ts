import type { BudgetView } from "@millrace/contract";

export function budgetRow({ id, of, period, credits, spent, left, resetsAt }: BudgetView) {
  return {
    id,
    of: of.kind === "server" ? "server" : `${of.kind} ${of.name ?? of.id ?? ""}`,
    period,
    credits,
    spent,
    left,
    resets: resetsAt === undefined ? "never" : `${new Date(resetsAt).toISOString().slice(0, 16).replace("T", " ")}Z`,
  };
}
