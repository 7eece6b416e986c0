import type { DatabaseSync } from "node:sqlite";
import { COLLECTION_COLUMNS, collectionChecksum, OPERATION_COLUMNS, operationsChecksum } from "#store/sqlite/tool-row";
import { insertTenant } from "#store/sqlite/writer/tenant";
import type { NewToolCollection, ToolCollectionRow } from "#store/tool-store";

export function toolVerbs(database: DatabaseSync) {
  const before = database.prepare("SELECT created_at FROM tool_collections WHERE tenant_id = ? AND name = ?");
  const put = database.prepare(`INSERT OR REPLACE INTO tool_collections (${COLLECTION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`);
  const putAll = database.prepare(`INSERT OR REPLACE INTO tool_operations (${OPERATION_COLUMNS}) VALUES (?, ?, ?, ?)`);
  const remove = database.prepare("DELETE FROM tool_collections WHERE tenant_id = ? AND name = ?");
  const removeAll = database.prepare("DELETE FROM tool_operations WHERE tenant_id = ? AND collection = ?");
  const tenant = insertTenant(database);
  return {
    putTools(tenantId: string, name: string, { facts, operations }: NewToolCollection, at: number): ToolCollectionRow {
      tenant(tenantId, at);
      const row = { name, createdAt: Number(before.get(tenantId, name)?.["created_at"] ?? at), updatedAt: at };
      const [shown, all] = [JSON.stringify(facts), JSON.stringify(operations)];
      put.run(tenantId, name, shown, row.createdAt, at, collectionChecksum(tenantId, row, shown));
      putAll.run(tenantId, name, all, operationsChecksum(tenantId, name, all));
      return { ...row, facts };
    },

    deleteTools(tenantId: string, name: string): boolean {
      removeAll.run(tenantId, name);
      return remove.run(tenantId, name).changes === 1;
    },
  };
}
