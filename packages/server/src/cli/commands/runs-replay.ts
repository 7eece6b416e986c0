import type { Acknowledgement } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const source = given.argument(0);
  const headers = await workflowHeader(context, source);
  const body = { workflowRunId: source, from: given.text("from"), version: given.text("version") };
  const { json } = await call(context, "POST", "/v1/workflow/run/retry", { body, headers });
  const { workflowRunId: id, workflowName, workflowVersion } = json as Acknowledgement;
  context.output.note(`  millrace runs wait ${id}`);
  await context.output.data(json, {
    rows: [{ id, workflow: workflowName, version: workflowVersion, replayOf: source }],
    names: [id],
  });
};
