import { StoreCorrupt } from "#store/errors";
import type { NewNodeResult, NodeResult } from "#store/node-result-store";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text } from "#store/sql/rows";

export const NODE_RESULT_COLUMNS = "tenant_id, workflow_id, key, run_id, at, expires_at, result, bytes, checksum";

export function nodeResultColumns(tenantId: string, { workflowId, key, runId, at, expiresAt, result }: NewNodeResult, bytes: number) {
  const values = [tenantId, workflowId, key, runId, at, expiresAt, result, bytes] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readNodeResult(row: Row): NodeResult {
  const stored: NewNodeResult = {
    workflowId: text(row, "workflow_id"),
    key: text(row, "key"),
    runId: text(row, "run_id"),
    at: number(row, "at"),
    expiresAt: number(row, "expires_at"),
    result: text(row, "result"),
  };
  const [checksum] = nodeResultColumns(text(row, "tenant_id"), stored, number(row, "bytes")).slice(-1);
  if (checksum !== row["checksum"]) throw new StoreCorrupt(`a kept result of workflow ${stored.workflowId} is not what was written`);
  return { runId: stored.runId, at: stored.at, result: stored.result };
}
