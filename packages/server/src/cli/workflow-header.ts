import type { RunDetail } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";

/** A key of several workflows names the run's; a key of one needs nothing, and may not look. */
export async function workflowHeader(context: CliContext, runId: string): Promise<{ readonly [name: string]: string }> {
  try {
    const { workflowId } = (await call(context, "GET", `/api/v1/runs/${segment(runId)}`)).json as RunDetail;
    return { "Millrace-Workflow": workflowId };
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.auth && error.type === "scope") return {};
    throw error;
  }
}
