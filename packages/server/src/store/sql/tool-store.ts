import type { SqlDatabase } from "#store/sql/database";
import { all, one, type Steps } from "#store/sql/steps";
import { COLLECTION_COLUMNS, OPERATION_COLUMNS, readCollectionRow, readOperations } from "#store/sql/tool-row";
import type { NewToolCollection, ToolCollection, ToolCollectionRow, ToolStore } from "#store/tool-store";

const COLLECTIONS = `SELECT ${COLLECTION_COLUMNS} FROM tool_collections WHERE tenant_id = ?`;
const OPERATIONS = `SELECT ${OPERATION_COLUMNS} FROM tool_operations WHERE tenant_id = ? AND collection = ?`;

export class SqlTools implements ToolStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async list(tenantId: string): Promise<readonly ToolCollectionRow[]> {
    return (await this.#database.read(all(`${COLLECTIONS} ORDER BY name`, tenantId))).map(readCollectionRow);
  }

  get(tenantId: string, name: string): Promise<ToolCollection | null> {
    return this.#database.read(whole(tenantId, name));
  }

  put(tenantId: string, name: string, collection: NewToolCollection, at: number): Promise<ToolCollectionRow> {
    return this.#database.write("putTools", [tenantId, name, collection, at]);
  }

  delete(tenantId: string, name: string): Promise<boolean> {
    return this.#database.write("deleteTools", [tenantId, name]);
  }
}

function* whole(tenantId: string, name: string): Steps<ToolCollection | null> {
  const row = yield* one(`${COLLECTIONS} AND name = ?`, tenantId, name);
  const operations = yield* one(OPERATIONS, tenantId, name);
  return row && operations ? { ...readCollectionRow(row), operations: readOperations(operations) } : null;
}
