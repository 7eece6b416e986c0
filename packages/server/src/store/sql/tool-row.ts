import type { JsonObject } from "@millrace/contract";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text } from "#store/sql/rows";
import type { ToolCollectionRow } from "#store/tool-store";

export const COLLECTION_COLUMNS = "tenant_id, name, facts, created_at, updated_at, checksum";
export const OPERATION_COLUMNS = "tenant_id, collection, operations, checksum";

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not send a request elsewhere. */
export function readCollectionRow(row: Row): ToolCollectionRow {
  const facts = text(row, "facts");
  const stored = { name: text(row, "name"), createdAt: number(row, "created_at"), updatedAt: number(row, "updated_at") };
  if (collectionChecksum(text(row, "tenant_id"), stored, facts) !== row["checksum"])
    throw new StoreCorrupt(`the tools of ${stored.name} are not what was written`);
  return { ...stored, facts: JSON.parse(facts) as JsonObject };
}

/** `facts` as the text that is stored. */
export function collectionChecksum(tenantId: string, row: Omit<ToolCollectionRow, "facts">, facts: string): number {
  return rowChecksum([tenantId, row.name, facts, row.createdAt, row.updatedAt]);
}

/** Throws StoreCorrupt likewise. */
export function readOperations(row: Row): readonly JsonObject[] {
  const operations = text(row, "operations");
  const collection = text(row, "collection");
  if (operationsChecksum(text(row, "tenant_id"), collection, operations) !== row["checksum"])
    throw new StoreCorrupt(`the operations of ${collection} are not what was written`);
  return JSON.parse(operations) as readonly JsonObject[];
}

export function operationsChecksum(tenantId: string, collection: string, operations: string): number {
  return rowChecksum([tenantId, collection, operations]);
}
