import type { AttemptView, DeliveryView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { aligned, duration, tableText } from "#cli/table";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "GET", `/api/v1/webhooks/deliveries/${segment(given.argument(0))}`);
  const delivery = json as DeliveryView;
  const rows = delivery.attempts.map(attemptRow);
  await context.output.data(delivery, { rows, names: [delivery.id], table: `${aligned(factsOf(delivery))}\n${tableText(rows)}` });
};

function factsOf({ id, runId, alertId, state, method, url, acceptedAt, nextAttemptAt, endedAt }: DeliveryView): string[][] {
  const time = (at: number): string => new Date(at).toISOString();
  return [
    ["delivery", id],
    ...(runId === undefined ? [] : [["run", runId]]),
    ...(alertId === undefined ? [] : [["alert", alertId]]),
    ["to", `${method} ${url}`],
    ["state", state],
    ["accepted", time(acceptedAt)],
    ...(nextAttemptAt === undefined ? [] : [["next attempt", time(nextAttemptAt)]]),
    ...(endedAt === undefined ? [] : [["ended", time(endedAt)]]),
  ];
}

function attemptRow({ number, startedAt, durationMs, response, error }: AttemptView) {
  const answer = response ? String(response.status) : error?.type;
  return { attempt: number, began: new Date(startedAt).toISOString(), took: duration(durationMs), answer };
}
