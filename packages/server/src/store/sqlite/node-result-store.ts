import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { NewNodeResult, NodeResult, NodeResultStore } from "#store/node-result-store";
import { reading } from "#store/sqlite/failure";
import { NODE_RESULT_COLUMNS, readNodeResult } from "#store/sqlite/node-result-row";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteNodeResults implements NodeResultStore {
  readonly #writer: Writer;
  readonly #one: StatementSync;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#one = reader.prepare(
      `SELECT ${NODE_RESULT_COLUMNS} FROM node_results WHERE tenant_id = ? AND workflow_id = ? AND key = ? AND expires_at > ?`,
    );
  }

  async find(tenantId: string, workflowId: string, key: string, now: number): Promise<NodeResult | null> {
    return reading(() => {
      const row = this.#one.get(tenantId, workflowId, key, now);
      return row ? readNodeResult(row) : null;
    });
  }

  keep(tenantId: string, result: NewNodeResult): Promise<void> {
    return this.#writer.write("keepNodeResult", [tenantId, result]);
  }
}
