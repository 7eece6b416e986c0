import { StoreCorrupt } from "#store/errors";
import type { NewRefusedRequest, RefusedRequest } from "#store/request-store";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text, textOrNull } from "#store/sql/rows";

export const REQUEST_COLUMNS = "tenant_id, at, path, workflow_id, key_id, status, type, message, request_id, checksum";

/** The columns without the checksum, in their order. */
export function requestColumns(tenantId: string, request: NewRefusedRequest) {
  const { at, path, workflowId, keyId, status, type, message, requestId } = request;
  return [tenantId, at, path, workflowId, keyId, status, type, message, requestId] as const;
}

export function requestChecksum(tenantId: string, request: NewRefusedRequest): number {
  return rowChecksum(requestColumns(tenantId, request));
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readRequest(row: Row): RefusedRequest {
  const request: RefusedRequest = {
    position: number(row, "position"),
    at: number(row, "at"),
    path: text(row, "path"),
    workflowId: textOrNull(row, "workflow_id"),
    keyId: text(row, "key_id"),
    status: number(row, "status"),
    type: text(row, "type"),
    message: text(row, "message"),
    requestId: text(row, "request_id"),
  };
  if (requestChecksum(text(row, "tenant_id"), request) !== row["checksum"])
    throw new StoreCorrupt(`the refused request ${request.position} is not what was written`);
  return request;
}
