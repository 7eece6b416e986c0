import type { NewNodeResult, NodeResult, NodeResultStore } from "#store/node-result-store";
import type { SqlDatabase } from "#store/sql/database";
import { NODE_RESULT_COLUMNS, readNodeResult } from "#store/sql/node-result-row";
import { one } from "#store/sql/steps";

const FIND = `SELECT ${NODE_RESULT_COLUMNS} FROM node_results WHERE tenant_id = ? AND workflow_id = ? AND key = ? AND expires_at > ?`;

export class SqlNodeResults implements NodeResultStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async find(tenantId: string, workflowId: string, key: string, now: number): Promise<NodeResult | null> {
    const row = await this.#database.read(one(FIND, tenantId, workflowId, key, now));
    return row ? readNodeResult(row) : null;
  }

  keep(tenantId: string, result: NewNodeResult): Promise<void> {
    return this.#database.write("keepNodeResult", [tenantId, result]);
  }
}
