import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { failureOf } from "#cli/print-run";
import { eventLine, runEvents } from "#cli/run-events";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  context.ifInterrupted(`the run goes on: millrace runs follow ${id}`);
  const headers = await workflowHeader(context, id);
  // Refused with the reason, where the run is not known or the key may not see it.
  await call(context, "POST", "/v1/workflow/query/result", { body: { workflowRunId: id }, headers });
  for await (const event of runEvents(context, id, headers["Millrace-Workflow"])) {
    context.output.raw(eventLine(context, event));
    if (event.event === "run.finished" && event.data.status === "FAILED") throw failureOf(event.data);
  }
};
