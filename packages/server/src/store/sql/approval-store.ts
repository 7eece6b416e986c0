import type { ApprovalFilter, ApprovalRow, ApprovalStore } from "#store/approval-store";
import { APPROVAL_COLUMNS, readApproval } from "#store/sql/approval-row";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import { all, one } from "#store/sql/steps";

const SELECT = `SELECT ${APPROVAL_COLUMNS} FROM approvals`;

/** Written by whoever writes the journal. */
export class SqlApprovals implements ApprovalStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async get(tenantId: string, id: string): Promise<ApprovalRow | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE tenant_id = ? AND id = ?`, tenantId, id));
    return row ? readApproval(row) : null;
  }

  /** One keyset page. The index is named, because without statistics the planner takes the table. */
  async list(tenantId: string, { status, workflowId, runId, before, limit }: ApprovalFilter): Promise<readonly ApprovalRow[]> {
    const where = new Conditions("tenant_id = ?", tenantId)
      .and("workflow_id = ?", workflowId)
      .and("status = ?", status)
      .and("id < ?", before);
    if (runId !== undefined) where.with("id > ?", `${runId}-`).with("id < ?", `${runId}.`);
    const narrow = workflowId !== undefined ? "approvals_workflow" : status !== undefined ? "approvals_status" : null;
    const index = narrow === null || runId !== undefined ? "" : ` INDEXED BY ${narrow}`;
    const rows = await this.#database.read(all(`${SELECT}${index} WHERE ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit));
    return rows.map(readApproval);
  }
}
