import type { DatabaseSync } from "node:sqlite";
import type { NewAuditEntry } from "#store/audit-store";
import { AUDIT_COLUMNS, auditChecksum, auditColumns } from "#store/sqlite/audit-row";

/** Rows that one slice of the retention deletes: a few ms of the thread. */
const PRUNE_ROWS = 500;

export function auditVerbs(database: DatabaseSync) {
  const insert = database.prepare(`INSERT INTO audit_log (${AUDIT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  // One at a time and from the oldest on, as the trigger demands. A row that is too young keeps all that were written after it.
  const oldest = database.prepare("SELECT position, at FROM audit_log ORDER BY position LIMIT ?");
  const remove = database.prepare("DELETE FROM audit_log WHERE position = ?");
  return {
    appendAudit(tenantId: string, entry: NewAuditEntry): void {
      const columns = auditColumns(tenantId, entry);
      insert.run(...columns, auditChecksum(columns));
    },

    pruneAudit(before: number): boolean {
      const rows = oldest.all(PRUNE_ROWS);
      const young = rows.findIndex((row) => Number(row["at"]) >= before);
      for (const row of rows.slice(0, young < 0 ? rows.length : young)) remove.run(row["position"] ?? null);
      return young < 0 && rows.length === PRUNE_ROWS;
    },
  };
}
