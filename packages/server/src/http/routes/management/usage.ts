import type { BudgetView, PutBudgetBody, UsageQuery, UsageRowView } from "@millrace/contract";
import { shortCredits } from "@millrace/engine";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";
import type { UsageTotals } from "#store/usage-store";
import type { BudgetState } from "#usage/budgets";
import { usageCsv } from "#usage/csv";
import type { NamedSum } from "#usage/usage-reports";

const DEFAULT_ROWS = 100;

export const getUsage: Handler = async (ports, request, reply) => {
  const query = request.query as UsageQuery;
  const { tenantId } = callerOf(request);
  const report = await ports.usage.report(tenantId, query);
  if ((request.headers.accept ?? "").includes("text/csv")) {
    const csv = usageCsv(report.by, await ports.usage.named(tenantId, report, report.rows));
    return reply
      .header("content-type", "text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="usage.csv"')
      .send(csv);
  }
  const shown = await ports.usage.named(tenantId, report, report.rows.slice(0, query.limit ?? DEFAULT_ROWS));
  const { by, from, to, timeZone, total, rows } = report;
  return reply.send(JSON.stringify({ by, from, to, timeZone, rows: rows.length, total: totalsView(total), data: shown.map(rowView) }));
};

export const listBudgets: Handler = async (ports, request, reply) => {
  const budgets = await ports.budgets.list(callerOf(request).tenantId);
  return reply.send(JSON.stringify({ data: budgets.map(budgetView) }));
};

export const putBudget: Handler = async (ports, request, reply) => {
  return reply.send(JSON.stringify(budgetView(await ports.budgets.put(callerOf(request).tenantId, request.body as PutBudgetBody))));
};

export const deleteBudget: Handler = async (ports, request, reply) => {
  await ports.budgets.delete(callerOf(request).tenantId, (request.params as { budget: string }).budget);
  return reply.code(204).send();
};

function rowView({ value, name, ...totals }: NamedSum): UsageRowView {
  return { value, ...(name !== null && { name }), ...totalsView(totals) };
}

function totalsView({ requests, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits }: UsageTotals) {
  return { requests, inputTokens, outputTokens, cachedTokens, reasoningTokens, credits: shortCredits(credits) };
}

function budgetView({ id, of, name, period, timeZone, credits, spent, resetsAt, createdAt, updatedAt }: BudgetState): BudgetView {
  const kind = of.dimension === "tenant" ? "server" : (of.dimension as BudgetView["of"]["kind"]);
  return {
    id,
    of: { kind, ...(of.value !== "" && { id: of.value }), ...(name !== null && { name }) },
    period,
    timeZone,
    credits: shortCredits(credits),
    spent: shortCredits(spent),
    left: shortCredits(credits - spent),
    ...(resetsAt !== null && { resetsAt }),
    createdAt,
    updatedAt,
  };
}
