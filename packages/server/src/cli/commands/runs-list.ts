import type { RunHeader } from "@millrace/contract";
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
    workflow,
    status: given.text("status"),
    user: given.text("user"),
    trigger: given.text("trigger"),
    since: since === undefined ? undefined : String(sinceMs(since, now)),
    creditsFrom: given.decimal("min-cost")?.toString(),
    where: given.text("q"),
  };
  const list = () => listRows<RunHeader>(context, given, "/api/v1/runs", query);
  const page = await (workflow === undefined ? list() : namingWorkflow(context, workflow, list));
  const rows = page.data.map((header) => rowOf(header, now));
  await context.output.data(page, { rows, names: page.data.map(({ id }) => id) });
};

function rowOf({ id, workflowName, version, status, trigger, userId, acceptedAt, executionMs, credits, error }: RunHeader, now: number) {
  return {
    run: id,
    workflow: `${workflowName}@${version}`,
    status,
    trigger,
    user: userId,
    accepted: ago(acceptedAt, now),
    ms: executionMs,
    credits,
    error: error?.type,
  };
}
