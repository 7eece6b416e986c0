import type { Acknowledgement } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "POST", `/api/v1/schedules/${segment(given.argument(0))}/run`);
  const { workflowRunId: id, workflowName, workflowVersion } = json as Acknowledgement;
  context.output.note(`  millrace runs wait ${id}`);
  await context.output.data(json, { rows: [{ id, workflow: workflowName, version: workflowVersion }], names: [id] });
};
