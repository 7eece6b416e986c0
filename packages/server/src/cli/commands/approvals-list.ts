import type { ApprovalView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { approvalRow } from "#cli/print-approval";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const [workflow, status] = [given.text("workflow"), given.text("status")];
  const query = { workflow, status, run: given.text("run"), mine: given.on("mine") ? "true" : undefined };
  const list = () => listRows<ApprovalView>(context, given, "/api/v1/approvals", query);
  const page = await (workflow === undefined ? list() : namingWorkflow(context, workflow, list));
  await context.output.data(page, { rows: page.data.map(approvalRow), names: page.data.map(({ id }) => id) });
};
