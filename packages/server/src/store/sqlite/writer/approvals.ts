import type { DatabaseSync } from "node:sqlite";
import { APPROVAL_COLUMNS, type ApprovalColumns } from "#store/sql/approval-row";

/** Writes the questions of runs, beside the entries that asked and settled them. */
export class ApprovalWriter {
  readonly #put: ReturnType<DatabaseSync["prepare"]>;

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(`INSERT OR REPLACE INTO approvals (${APPROVAL_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`);
  }

  put(rows: readonly ApprovalColumns[]): void {
    for (const row of rows) this.#put.run(...row);
  }
}
