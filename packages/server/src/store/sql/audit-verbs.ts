import type { NewAuditEntry } from "#deed";
import { AUDIT_COLUMNS, auditChecksum, auditColumns } from "#store/sql/audit-row";
import { number } from "#store/sql/rows";
import { all, insert, run, type Steps } from "#store/sql/steps";

/** Rows that one slice of the retention deletes: a few ms of the database. */
const PRUNE_ROWS = 500;

const INSERT = insert("audit_log", AUDIT_COLUMNS);

export const auditVerbs = {
  *appendAudit(tenantId: string, entry: NewAuditEntry): Steps<void> {
    const columns = auditColumns(tenantId, entry);
    yield* run(INSERT, ...columns, auditChecksum(columns));
  },

  /** One at a time and from the oldest on, as the trigger demands. A row that is too young keeps all that were written after it. */
  *pruneAudit(before: number): Steps<boolean> {
    const rows = yield* all("SELECT position, at FROM audit_log ORDER BY position LIMIT ?", PRUNE_ROWS);
    const young = rows.findIndex((row) => number(row, "at") >= before);
    for (const row of rows.slice(0, young < 0 ? rows.length : young))
      yield* run("DELETE FROM audit_log WHERE position = ?", number(row, "position"));
    return young < 0 && rows.length === PRUNE_ROWS;
  },
};
