import type { RecoverAnswer } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { sinceMs } from "#cli/since";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const since = given.text("since");
  if (since === undefined)
    throw usageError("webhooks deliveries recover: --since is missing", "millrace webhooks deliveries recover --since 1h");
  const workflow = given.text("workflow");
  const body = { since: sinceMs(since, Date.now()), ...(workflow !== undefined && { workflow }) };
  const recover = () => call(context, "POST", "/api/v1/webhooks/recover", { body });
  const { json } = await (workflow === undefined ? recover() : namingWorkflow(context, workflow, recover));
  const answer = json as RecoverAnswer;
  const count = `${answer.resent} ${answer.resent === 1 ? "delivery" : "deliveries"}`;
  await context.output.data(answer, { rows: [{ ...answer }], names: [], table: `  ${count} that had failed since ${since}: due again\n` });
};
