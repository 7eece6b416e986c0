import type { HookView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { hookRow } from "#cli/print-hook";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.text("workflow");
  const list = () => listRows<HookView>(context, given, "/api/v1/hooks", { workflow });
  const page = await (workflow === undefined ? list() : namingWorkflow(context, workflow, list));
  await context.output.data(page, { rows: page.data.map(hookRow), names: page.data.map(({ id }) => id) });
};
