import type { AlertMessage } from "@millrace/contract";
import type { AlertEventRow, AlertRow } from "#store/alert-store";
import type { WebhookTarget } from "#store/webhook-store";

export interface AlertNews extends Pick<AlertEventRow, "id" | "type" | "at" | "figure" | "text"> {
  readonly test: boolean;
}

/** What the channel of the rule is sent. */
export function messageOf(alert: AlertRow, workflowName: string | null, news: AlertNews): string {
  if (alert.channel.kind === "slack") return JSON.stringify({ text: `Millrace${news.test ? " [test]" : ""}: ${news.text}` });
  const { id, type, at, figure, text, test } = news;
  const message: AlertMessage = {
    type: `alert.${type}`,
    id,
    test,
    at,
    alert: subjectOf(alert, workflowName),
    ...(figure !== null && { figure: Math.round(figure * 10_000) / 10_000 }),
    text,
  };
  return JSON.stringify(message);
}

export function targetOf({ channel }: AlertRow): WebhookTarget {
  return { method: "POST", url: channel.url, headers: {} };
}

function subjectOf(alert: AlertRow, workflowName: string | null): AlertMessage["alert"] {
  const { id, name, kind, workflowId, budgetId, threshold, windowMs } = alert;
  return {
    id,
    ...(name !== "" && { name }),
    kind,
    ...(workflowId !== null && { workflowId }),
    ...(workflowName !== null && { workflowName }),
    ...(budgetId !== null && { budgetId }),
    ...(threshold !== null && { threshold }),
    ...(windowMs !== null && { windowS: windowMs / 1_000 }),
  };
}
