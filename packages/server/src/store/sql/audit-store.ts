import type { NewAuditEntry } from "#deed";
import type { AuditFilter, AuditRow, AuditStore } from "#store/audit-store";
import { AUDIT_COLUMNS, readAudit } from "#store/sql/audit-row";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import { all } from "#store/sql/steps";

export class SqlAudit implements AuditStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  append(tenantId: string, entry: NewAuditEntry): Promise<void> {
    return this.#database.write("appendAudit", [tenantId, entry]);
  }

  async list(tenantId: string, filter: AuditFilter): Promise<readonly AuditRow[]> {
    const { before, actorId, action, target, result, since, until, limit } = filter;
    const where = new Conditions("tenant_id = ?", tenantId)
      .and("position < ?", before)
      .and("actor_id = ?", actorId)
      .and("action = ?", action)
      .and(this.#database.dialect.hasMember("targets"), target)
      .and("result = ?", result)
      .and("at >= ?", since)
      .and("at < ?", until);
    const sql = `SELECT position, ${AUDIT_COLUMNS} FROM audit_log WHERE ${where.sql} ORDER BY position DESC LIMIT ?`;
    return (await this.#database.read(all(sql, ...where.values, limit))).map(readAudit);
  }

  prune(before: number): Promise<boolean> {
    return this.#database.write("pruneAudit", [before]);
  }
}
