import type { UsageReport } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import type { Given } from "#cli/given";
import { sinceMs } from "#cli/since";

export const run: Action = async (context, given) => {
  const period = { from: time(given, "from"), to: time(given, "to"), timeZone: given.text("time-zone") };
  const query = { by: given.text("by"), ...period, ...(given.on("drafts") && { drafts: true }) };
  if (given.on("csv")) {
    const { text } = await call(context, "GET", "/api/v1/usage", { query, headers: { Accept: "text/csv" } });
    context.output.raw(text);
    return;
  }
  const { json } = await call(context, "GET", "/api/v1/usage", { query });
  const report = json as UsageReport;
  const rows = report.data.map(({ value, name, requests, inputTokens, outputTokens, credits }) => ({
    [report.by === "version" ? "workflow" : report.by]: name ?? (value === "" ? "-" : value),
    ...(report.by === "version" && { version: value.split("/")[1] }),
    requests,
    inputTokens,
    outputTokens,
    credits,
  }));
  await context.output.data(report, { rows, names: report.data.map(({ value }) => value) });
  const { requests, credits } = report.total;
  context.output.note(`${credits} credits · ${requests} paid requests · ${day(report.from)} to ${day(report.to)}`);
};

function time(given: Given, flag: "from" | "to"): number | undefined {
  const text = given.text(flag);
  return text === undefined ? undefined : sinceMs(text, Date.now(), `--${flag}`);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
