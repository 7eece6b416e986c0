import { number } from "#store/sql/rows";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";
import { COLLECTION_COLUMNS, collectionChecksum, OPERATION_COLUMNS, operationsChecksum } from "#store/sql/tool-row";
import type { NewToolCollection, ToolCollectionRow } from "#store/tool-store";

const BEFORE = "SELECT created_at FROM tool_collections WHERE tenant_id = ? AND name = ?";
const PUT = upsert("tool_collections", COLLECTION_COLUMNS, "tenant_id, name");
const PUT_OPERATIONS = upsert("tool_operations", OPERATION_COLUMNS, "tenant_id, collection");

export const toolVerbs = {
  *putTools(tenantId: string, name: string, { facts, operations }: NewToolCollection, at: number): Steps<ToolCollectionRow> {
    yield* insertTenant(tenantId, at);
    const before = yield* one(BEFORE, tenantId, name);
    const row = { name, createdAt: before ? number(before, "created_at") : at, updatedAt: at };
    const [shown, all] = [JSON.stringify(facts), JSON.stringify(operations)];
    yield* run(PUT, tenantId, name, shown, row.createdAt, at, collectionChecksum(tenantId, row, shown));
    yield* run(PUT_OPERATIONS, tenantId, name, all, operationsChecksum(tenantId, name, all));
    return { ...row, facts };
  },

  *deleteTools(tenantId: string, name: string): Steps<boolean> {
    yield* run("DELETE FROM tool_operations WHERE tenant_id = ? AND collection = ?", tenantId, name);
    return (yield* run("DELETE FROM tool_collections WHERE tenant_id = ? AND name = ?", tenantId, name)) === 1;
  },
};
