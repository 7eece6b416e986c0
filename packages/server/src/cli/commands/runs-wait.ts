import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { printRun } from "#cli/print-run";
import { waitForRun } from "#cli/wait-for-run";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  context.ifInterrupted(`the run goes on: millrace runs wait ${id}`);
  // Here --timeout is how long to wait; each request has its own time.
  const asking: CliContext = { ...context, timeoutMs: null };
  await printRun(asking, await waitForRun(asking, id, await workflowHeader(asking, id), context.timeoutMs));
};
