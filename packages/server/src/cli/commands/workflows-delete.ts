import type { WorkflowView } from "@millrace/contract";
import { confirm } from "#cli/ask";
import type { Action } from "#cli/command";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const { json } = await callWorkflow(context, "GET", given.argument(0));
  const { id, name } = json as WorkflowView;
  await confirm(context, "workflows delete", `Delete ${name} (${id})? Its keys stop working; runs that were accepted go on.`);
  await callWorkflow(context, "DELETE", id);
  await context.output.data(
    { id, name, deleted: true },
    { rows: [{ id, name, deleted: true }], names: [id], table: `  ${name}   deleted\n` },
  );
};
