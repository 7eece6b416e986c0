import { approvalId } from "#store/approval-store";

/** How the wire names an approval: by its id, and where to read it. */
export function approvalRef(runId: string, seq: number): { readonly approvalId: string; readonly approvalPath: string } {
  const id = approvalId(runId, seq);
  return { approvalId: id, approvalPath: `/api/v1/approvals/${id}` };
}
