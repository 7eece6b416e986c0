import type { ApprovalView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { approvalRow, approvalText } from "#cli/print-approval";

export const run: Action = async (context, given) => {
  const approval = (await call(context, "GET", `/api/v1/approvals/${segment(given.argument(0))}`)).json as ApprovalView;
  await context.output.data(approval, { rows: [approvalRow(approval)], names: [approval.id], table: approvalText(approval) });
};
