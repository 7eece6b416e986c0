import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { NewRefusedRequest, RefusedRequest, RequestFilter, RequestStore } from "#store/request-store";
import { reading } from "#store/sqlite/failure";
import { REQUEST_COLUMNS, readRequest } from "#store/sqlite/request-row";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteRequests implements RequestStore {
  readonly #writer: Writer;
  readonly #reader: DatabaseSync;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#reader = reader;
  }

  append(tenantId: string, requests: readonly NewRefusedRequest[]): Promise<void> {
    return this.#writer.write("appendRefused", [tenantId, requests]);
  }

  async list(tenantId: string, { limit, before, workflowId, requestId }: RequestFilter): Promise<readonly RefusedRequest[]> {
    const conditions = ["tenant_id = ?"];
    const values: SQLInputValue[] = [tenantId];
    const add = (condition: string, value: SQLInputValue | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    add("position < ?", before);
    add("workflow_id = ?", workflowId);
    add("request_id = ?", requestId);
    const sql = `SELECT position, ${REQUEST_COLUMNS} FROM refused_requests INDEXED BY refused_requests_tenant WHERE ${conditions.join(" AND ")}`;
    return reading(() =>
      this.#reader
        .prepare(`${sql} ORDER BY position DESC LIMIT ?`)
        .all(...values, limit)
        .map(readRequest),
    );
  }
}
