import type { RunDetail } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { printRun } from "#cli/print-run";
import { waitForRun } from "#cli/wait-for-run";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  context.ifInterrupted(`the run goes on: millrace runs wait ${id}`);
  // Here --timeout is how long to wait; each request has its own time.
  const asking: CliContext = { ...context, timeoutMs: null };
  await printRun(asking, await waitForRun(asking, id, await workflowHeader(asking, id), context.timeoutMs));
};

/** A key of several workflows names the run's; a key of one needs nothing, and may not look. */
async function workflowHeader(context: CliContext, runId: string): Promise<{ readonly [name: string]: string }> {
  try {
    const { workflowId } = (await call(context, "GET", `/api/v1/runs/${segment(runId)}`)).json as RunDetail;
    return { "Millrace-Workflow": workflowId };
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.auth && error.type === "scope") return {};
    throw error;
  }
}
