import type { AlertMessage } from "@millrace/contract";
import type { AlertEventRow, AlertRow } from "#store/alert-store";
import type { WebhookTarget } from "#store/webhook-store";

/** Characters of a subject: more is cut by who shows it. */
const MOST_SUBJECT = 200;

export interface AlertNews extends Pick<AlertEventRow, "id" | "type" | "at" | "figure" | "text"> {
  readonly test: boolean;
}

/** What the channel of the rule is sent. */
export function messageOf(alert: AlertRow, workflowName: string | null, news: AlertNews): string {
  if (alert.channel.kind === "slack") return JSON.stringify({ text: `Millrace${news.test ? " [test]" : ""}: ${news.text}` });
  if (alert.channel.kind === "email") return JSON.stringify(mailOf(alert, news));
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

/** Its first line is enough where a phone shows no more. */
function mailOf({ name }: AlertRow, { type, test, text }: AlertNews): { readonly subject: string; readonly text: string } {
  const words = [test ? "[test]" : type === "recovered" ? "[recovered]" : "[alert]", name === "" ? text : name];
  return { subject: `Millrace ${words.join(" ")}`.slice(0, MOST_SUBJECT), text: `${text}\n` };
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
