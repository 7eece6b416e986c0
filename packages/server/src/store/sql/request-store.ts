import type { NewRefusedRequest, RefusedRequest, RequestFilter, RequestStore } from "#store/request-store";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import { REQUEST_COLUMNS, readRequest } from "#store/sql/request-row";
import { all } from "#store/sql/steps";

const SELECT = `SELECT position, ${REQUEST_COLUMNS} FROM refused_requests INDEXED BY refused_requests_tenant`;

export class SqlRequests implements RequestStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  append(tenantId: string, requests: readonly NewRefusedRequest[]): Promise<void> {
    return this.#database.write("appendRefused", [tenantId, requests]);
  }

  async list(tenantId: string, { limit, before, workflowId, requestId }: RequestFilter): Promise<readonly RefusedRequest[]> {
    const where = new Conditions("tenant_id = ?", tenantId)
      .and("position < ?", before)
      .and("workflow_id = ?", workflowId)
      .and("request_id = ?", requestId);
    const rows = await this.#database.read(all(`${SELECT} WHERE ${where.sql} ORDER BY position DESC LIMIT ?`, ...where.values, limit));
    return rows.map(readRequest);
  }
}
