import type { DatabaseSync, StatementSync } from "node:sqlite";
import { reading } from "#store/sqlite/failure";
import { COLLECTION_COLUMNS, OPERATION_COLUMNS, readCollectionRow, readOperations } from "#store/sqlite/tool-row";
import type { Writer } from "#store/sqlite/writer/writer";
import type { NewToolCollection, ToolCollection, ToolCollectionRow, ToolStore } from "#store/tool-store";

export class SqliteTools implements ToolStore {
  readonly #writer: Writer;
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #operations: StatementSync;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#all = reader.prepare(`SELECT ${COLLECTION_COLUMNS} FROM tool_collections WHERE tenant_id = ? ORDER BY name`);
    this.#one = reader.prepare(`SELECT ${COLLECTION_COLUMNS} FROM tool_collections WHERE tenant_id = ? AND name = ?`);
    this.#operations = reader.prepare(`SELECT ${OPERATION_COLUMNS} FROM tool_operations WHERE tenant_id = ? AND collection = ?`);
  }

  async list(tenantId: string): Promise<readonly ToolCollectionRow[]> {
    return reading(() => this.#all.all(tenantId).map(readCollectionRow));
  }

  async get(tenantId: string, name: string): Promise<ToolCollection | null> {
    return reading(() => {
      const row = this.#one.get(tenantId, name);
      const operations = this.#operations.get(tenantId, name);
      return row && operations ? { ...readCollectionRow(row), operations: readOperations(operations) } : null;
    });
  }

  put(tenantId: string, name: string, collection: NewToolCollection, at: number): Promise<ToolCollectionRow> {
    return this.#writer.write("putTools", [tenantId, name, collection, at]);
  }

  delete(tenantId: string, name: string): Promise<boolean> {
    return this.#writer.write("deleteTools", [tenantId, name]);
  }
}
