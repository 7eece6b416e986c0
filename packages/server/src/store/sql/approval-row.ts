import type { ApprovalStatus } from "@millrace/contract";
import type { ApprovalRow } from "#store/approval-store";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { type Row, text } from "#store/sql/rows";
import { upsert } from "#store/sql/steps";

export const APPROVAL_COLUMNS = "tenant_id, id, workflow_id, status, definition, checksum";

export const PUT_APPROVAL = upsert("approvals", APPROVAL_COLUMNS, "tenant_id, id");

export type ApprovalColumns = readonly [
  tenantId: string,
  id: string,
  workflowId: string,
  status: string,
  definition: string,
  checksum: number,
];

export function approvalColumns(tenantId: string, { id, workflowId, status, ...rest }: ApprovalRow): ApprovalColumns {
  const values = [tenantId, id, workflowId, status, JSON.stringify(rest)] as const;
  return [...values, rowChecksum(values)];
}

/** Throws StoreCorrupt where the row is not what was written: it says who may decide. */
export function readApproval(row: Row): ApprovalRow {
  const [tenantId, id, workflowId, status, definition] = ["tenant_id", "id", "workflow_id", "status", "definition"].map((column) =>
    text(row, column),
  ) as [string, string, string, ApprovalStatus, string];
  if (rowChecksum([tenantId, id, workflowId, status, definition]) !== row["checksum"])
    throw new StoreCorrupt(`the row of approval ${id} is not what was written`);
  return { id, workflowId, status, ...(JSON.parse(definition) as Omit<ApprovalRow, "id" | "workflowId" | "status">) };
}
