import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { ApprovalFilter, ApprovalRow, ApprovalStore } from "#store/approval-store";
import { APPROVAL_COLUMNS, readApproval } from "#store/sqlite/approval-row";
import { reading } from "#store/sqlite/failure";

/** Written by whoever writes the journal. */
export class SqliteApprovals implements ApprovalStore {
  readonly #reader: DatabaseSync;
  readonly #one: ReturnType<DatabaseSync["prepare"]>;

  constructor(reader: DatabaseSync) {
    this.#reader = reader;
    this.#one = reader.prepare(`SELECT ${APPROVAL_COLUMNS} FROM approvals WHERE tenant_id = ? AND id = ?`);
  }

  async get(tenantId: string, id: string): Promise<ApprovalRow | null> {
    return reading(() => {
      const row = this.#one.get(tenantId, id);
      return row ? readApproval(row) : null;
    });
  }

  async list(tenantId: string, filter: ApprovalFilter): Promise<readonly ApprovalRow[]> {
    const { sql, values } = query(tenantId, filter);
    return reading(() =>
      this.#reader
        .prepare(sql)
        .all(...values)
        .map(readApproval),
    );
  }
}

/** One keyset page. The index is named, because without statistics the planner takes the table. */
function query(tenantId: string, { status, workflowId, runId, before, limit }: ApprovalFilter) {
  const values: SQLInputValue[] = [tenantId];
  const conditions = ["tenant_id = ?"];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add("workflow_id = ?", workflowId);
  add("status = ?", status);
  add("id < ?", before);
  if (runId !== undefined) {
    add("id > ?", `${runId}-`);
    add("id < ?", `${runId}.`);
  }
  const narrow = workflowId !== undefined ? "approvals_workflow" : status !== undefined ? "approvals_status" : null;
  const index = narrow === null || runId !== undefined ? "" : `INDEXED BY ${narrow}`;
  const sql = `SELECT ${APPROVAL_COLUMNS} FROM approvals ${index} WHERE ${conditions.join(" AND ")} ORDER BY id DESC LIMIT ?`;
  return { sql, values: [...values, limit] };
}
