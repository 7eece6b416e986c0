import { ALERT_KIND_FACTS, type AlertUnit } from "@millrace/contract";
import type { AlertEventRow, AlertRow } from "#store/alert-store";

/** One sentence for people, in English: who reads it at the other end is not known here. */
export function sentenceOf(alert: AlertRow, workflowName: string | null, told: Pick<AlertEventRow, "type" | "figure">): string {
  const sentence = told.figure === null ? tooLittle(alert, workflowName) : figureSentence(alert, workflowName, told.figure);
  return told.type === "recovered" ? `Recovered: ${sentence}` : sentence;
}

export function testSentence(alert: AlertRow, workflowName: string | null): string {
  const name = alert.name === "" ? `on ${KIND_WORDS[alert.kind]} of ${subjectOf(alert, workflowName)}` : `“${alert.name}”`;
  return `This is a test of the alert ${name}. Nothing has happened.`;
}

const KIND_WORDS: { readonly [K in AlertRow["kind"]]: string } = {
  consecutive_failures: "consecutive failures",
  failure_rate: "the failure rate",
  error_count: "the number of errors",
  latency_threshold: "the latency",
  latency_spike: "a spike in the latency",
  cost_threshold: "the cost",
  no_activity: "missing activity",
  webhook_failing: "failing webhooks",
  budget: "a budget",
};

function tooLittle(alert: AlertRow, workflowName: string | null): string {
  return `There is too little to say about ${KIND_WORDS[alert.kind]} of ${subjectOf(alert, workflowName)} now.`;
}

function figureSentence(alert: AlertRow, workflowName: string | null, figure: number): string {
  const subject = subjectOf(alert, workflowName);
  const within = alert.windowMs === null ? "" : ` within ${duration(alert.windowMs)}`;
  return `${said(alert, subject, within, quantity(figure, ALERT_KIND_FACTS[alert.kind].unit))} (${boundOf(alert)}).`;
}

function said({ kind }: AlertRow, subject: string, within: string, figure: string): string {
  switch (kind) {
    case "consecutive_failures":
      return `The last ${figure} of ${subject} failed in a row`;
    case "failure_rate":
      return `${figure} of the runs of ${subject} failed${within}`;
    case "error_count":
      return `${figure} of ${subject} failed${within}`;
    case "latency_threshold":
      return `The 95th percentile of ${subject} took ${figure}${within}`;
    case "latency_spike":
      return `The 95th percentile of ${subject} took ${figure} as long${within} as in the day before`;
    case "cost_threshold":
      return `${capital(subject)} cost ${figure}${within}`;
    case "no_activity":
      return `The last run of ${subject} was ${figure} ago`;
    case "webhook_failing":
      return `Failing webhooks of ${subject}: ${figure}`;
    case "budget":
      return `${figure} of the budget are used up`;
    default:
      return kind satisfies never;
  }
}

function boundOf({ kind, threshold, windowMs }: AlertRow): string {
  const { compares, unit } = ALERT_KIND_FACTS[kind];
  if (compares === "window") return `alert after ${duration(windowMs ?? 0)}`;
  return `alert ${compares} ${quantity(threshold ?? 0, unit)}`;
}

function subjectOf({ workflowId }: AlertRow, workflowName: string | null): string {
  return workflowId === null ? "all workflows" : (workflowName ?? `workflow ${workflowId}`);
}

function quantity(figure: number, unit: AlertUnit): string {
  const rounded = String(Math.round(figure * 100) / 100);
  switch (unit) {
    case "percent":
      return `${rounded} %`;
    case "ms":
      return duration(figure);
    case "runs":
      return figure === 1 ? "1 run" : `${rounded} runs`;
    case "deliveries":
      return rounded;
    default:
      return `${rounded} ${unit}`;
  }
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** In the largest unit that it has two of, or exactly one. */
function duration(ms: number): string {
  const [size, unit] = UNITS.find(([size]) => ms === size || ms >= 2 * size) ?? [1, "ms"];
  return `${Math.round((ms / size) * 10) / 10} ${unit}`;
}

function capital(text: string): string {
  return text === "all workflows" ? "All workflows" : text;
}
