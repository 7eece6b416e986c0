import type { DatabaseSync } from "node:sqlite";
import { type Telling, tellingOf } from "#deed";
import { failpoint } from "#failpoint";
import type { NewAuditEntry } from "#store/audit-store";
import { AUDIT_COLUMNS, auditChecksum, auditColumns } from "#store/sqlite/audit-row";

/** Rows that one slice of the retention deletes: a few ms of the thread. */
const PRUNE_ROWS = 500;

export function auditVerbs(database: DatabaseSync) {
  const insert = database.prepare(`INSERT INTO audit_log (${AUDIT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  // One at a time and from the oldest on, as the trigger demands. A row that is too young keeps all that were written after it.
  const oldest = database.prepare("SELECT position, at FROM audit_log ORDER BY position LIMIT ?");
  const remove = database.prepare("DELETE FROM audit_log WHERE position = ?");
  const appendAudit = (tenantId: string, entry: NewAuditEntry): void => {
    const columns = auditColumns(tenantId, entry);
    insert.run(...columns, auditChecksum(columns));
  };
  return {
    appendAudit,

    pruneAudit(before: number): boolean {
      const rows = oldest.all(PRUNE_ROWS);
      const young = rows.findIndex((row) => Number(row["at"]) >= before);
      for (const row of rows.slice(0, young < 0 ? rows.length : young)) remove.run(row["position"] ?? null);
      return young < 0 && rows.length === PRUNE_ROWS;
    },
  };
}

export interface Told {
  /** What the verb answered. */
  readonly answer: unknown;
  /** It changed something, and its row is written. */
  readonly isTold: boolean;
}

/** A change with the row that tells of it: both are in one transaction, so that neither is ever there without the other. */
export function tellingVerb(database: DatabaseSync, verbs: ReturnType<typeof auditVerbs>) {
  const changes = database.prepare("SELECT total_changes() AS n");
  const count = (): unknown => changes.get()?.["n"];
  return {
    tell(telling: Telling, verb: string, args: readonly unknown[]): Told {
      const before = count();
      const answer = (verbs as unknown as { readonly [verb: string]: (...args: readonly unknown[]) => unknown })[verb]?.(...args);
      if (count() === before) return { answer, isTold: false };
      failpoint("audit.afterChange", verb);
      const { tenantId, entry } = tellingOf(telling, answer);
      verbs.appendAudit(tenantId, entry);
      return { answer, isTold: true };
    },
  };
}
