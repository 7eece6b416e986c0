import type { DeliveryHeader } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { sinceMs } from "#cli/since";
import { ago } from "#cli/table";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.text("workflow");
  const since = given.text("since");
  const now = Date.now();
  const query = {
    run: given.text("run"),
    workflow,
    state: given.text("state"),
    since: since === undefined ? undefined : String(sinceMs(since, now)),
  };
  const list = () => listRows<DeliveryHeader>(context, given, "/api/v1/webhooks/deliveries", query);
  const page = await (workflow === undefined ? list() : namingWorkflow(context, workflow, list));
  const rows = page.data.map((header) => rowOf(header, now));
  await context.output.data(page, { rows, names: page.data.map(({ id }) => id) });
};

function rowOf({ id, state, method, url, attemptCount, acceptedAt, nextAttemptAt }: DeliveryHeader, now: number) {
  return {
    delivery: id,
    state,
    method,
    url,
    attempts: attemptCount,
    accepted: ago(acceptedAt, now),
    next: nextAttemptAt === undefined ? "" : new Date(nextAttemptAt).toISOString(),
  };
}
