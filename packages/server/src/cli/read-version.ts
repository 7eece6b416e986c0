import { shellWord, type VersionView, type WorkflowView } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { callWorkflow } from "#cli/workflow";

/** A version with its document; `live`, and undefined, are the one that runs. */
export async function readVersion(
  context: CliContext,
  workflow: string,
  version?: string,
  query: { readonly stats?: boolean } = {},
): Promise<VersionView> {
  const name = version === undefined || version === "live" ? await liveVersion(context, workflow) : version;
  return (await callWorkflow(context, "GET", workflow, `/versions/${segment(name)}`, { query })).json as VersionView;
}

async function liveVersion(context: CliContext, workflow: string): Promise<string> {
  const { liveVersion: live } = (await callWorkflow(context, "GET", workflow)).json as WorkflowView;
  if (live !== undefined) return live;
  throw new CliError("no_published_version", `${workflow} has no live version`, EXIT.notFound, {
    hint: `millrace workflows get ${shellWord(workflow)}`,
  });
}
