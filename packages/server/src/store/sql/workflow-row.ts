import type { JsonObject } from "@millrace/contract";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { WorkflowRow } from "#store/store";

export const WORKFLOW_COLUMNS =
  "tenant_id, id, name, document, revision, live_version, api_enabled, created_at, updated_at, deleted_at, checksum";

/** A workflow as stored: the document as its text. */
export interface StoredWorkflow extends Omit<WorkflowRow, "document"> {
  readonly tenantId: string;
  readonly document: string;
}

export function workflowChecksum(row: StoredWorkflow): number {
  const { tenantId, id, name, document, revision, liveVersion, apiEnabled, createdAt, updatedAt, deletedAt } = row;
  return rowChecksum([tenantId, id, name, document, revision, liveVersion, Number(apiEnabled), createdAt, updatedAt, deletedAt]);
}

/** Throws StoreCorrupt where the row is not what was written. */
export function readWorkflow(row: Row): StoredWorkflow {
  const stored: StoredWorkflow = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    name: text(row, "name"),
    document: text(row, "document"),
    revision: number(row, "revision"),
    liveVersion: textOrNull(row, "live_version"),
    apiEnabled: number(row, "api_enabled") === 1,
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
    deletedAt: numberOrNull(row, "deleted_at"),
  };
  if (workflowChecksum(stored) !== row["checksum"]) throw new StoreCorrupt(`the row of workflow ${stored.id} is not what was written`);
  return stored;
}

export function workflowRow({ tenantId: _, document, ...row }: StoredWorkflow): WorkflowRow {
  return { ...row, document: JSON.parse(document) as JsonObject };
}
