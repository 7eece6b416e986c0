import type { Action } from "#cli/command";
import { printSecret } from "#cli/print-secret";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  await printSecret(context, await callWorkflow(context, "GET", given.argument(0), "/webhook-secret"));
};
