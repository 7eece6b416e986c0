import type { VersionSummary } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { promote } from "#cli/promote";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.argument(0);
  await promote(context, workflow, given.arguments[1] ?? (await versionBefore(context, workflow)));
};

/** The version that was made before the live one. */
async function versionBefore(context: CliContext, workflow: string): Promise<string> {
  const { json } = await callWorkflow(context, "GET", workflow, "/versions");
  const { data } = json as { data: readonly VersionSummary[] };
  const before = data[data.findIndex(({ live }) => live) + 1];
  if (before) return before.version;
  throw new CliError("version_unknown", `${workflow} has no version before the live one`, EXIT.notFound, {
    hint: `millrace versions list ${workflow}`,
  });
}
