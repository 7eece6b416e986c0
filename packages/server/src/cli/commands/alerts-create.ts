import { type AlertChannelKind, type AlertKind, type AlertView, nearestName } from "@millrace/contract";
import { KINDS } from "#cli/alert-commands";
import { usageError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import type { Given } from "#cli/given";
import { alertRow } from "#cli/print-alert";

export const run: Action = async (context, given) => {
  const [windowMs, quietMs] = [given.durationMs("window"), given.durationMs("quiet")];
  const body = {
    kind: kindOf(given.argument(0)),
    workflow: given.text("workflow"),
    budget: given.text("budget"),
    threshold: thresholdOf(given),
    windowS: windowMs && windowMs / 1_000,
    quietS: quietMs === undefined ? undefined : quietMs / 1_000,
    name: given.text("name"),
    channel: channelOf(given),
  };
  const { json } = await call(context, "POST", "/api/v1/alerts", { body });
  const alert = json as AlertView;
  await context.output.data(alert, { rows: [alertRow(alert)], names: [alert.id] });
};

/** `mailto:` says by itself that it is mail. */
function channelOf(given: Given): { readonly kind: AlertChannelKind; readonly url: string } {
  const url = given.argument(1);
  return { kind: given.on("slack") ? "slack" : url.startsWith("mailto:") ? "email" : "webhook", url };
}

function kindOf(text: string): AlertKind {
  const kind = KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  const near = nearestName(text, KINDS);
  throw usageError(`alerts create: there is no kind "${text}"`, near === null ? KINDS.join(", ") : `did you mean ${near}?`);
}

function thresholdOf(given: Given): number | undefined {
  const text = given.text("threshold");
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw usageError(`--threshold: "${text}" is no number`, "--threshold 5");
}
