import { confirm } from "#cli/ask";
import type { Action } from "#cli/command";
import { printSecret } from "#cli/print-secret";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.argument(0);
  await confirm(context, "webhooks secret rotate", `Replace the webhook secret of ${workflow}? Receivers have 24 hours to change over.`);
  await printSecret(context, await callWorkflow(context, "POST", workflow, "/webhook-secret/rotate"));
};
