import type { FailedRun } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { runJob } from "#cli/run-job";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const [id] = given.arguments;
  if (id === undefined) return runJob(context, given, { action: "cancel" });
  const headers = await workflowHeader(context, id);
  const { json } = await call(context, "POST", "/v1/workflow/run/cancel", { body: { workflowRunId: id }, headers });
  await context.output.data(json as FailedRun, { rows: [{ id, cancelled: true }], names: [id], table: `  ${id}   cancelled\n` });
};
