import type { PromoteAnswer } from "@millrace/contract";
import type { CliContext } from "#cli/context";
import { noteVersion } from "#cli/version-facts";
import { callWorkflow } from "#cli/workflow";

/** Makes a version live, an older one too, and tells what was live before. */
export async function promote(context: CliContext, workflow: string, version: string): Promise<void> {
  const { json } = await callWorkflow(context, "POST", workflow, "/promote", { body: { version } });
  const { previousVersion } = json as PromoteAnswer;
  const change =
    previousVersion === version ? `live ${version}   no change` : `live ${previousVersion ?? "nothing"} → ${version}   draft untouched`;
  await context.output.data(json, {
    rows: [{ workflow, version, previousVersion }],
    names: [version],
    table: `  ${workflow}   ${change}\n`,
  });
  await noteVersion(context, workflow, version);
}
