import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { AuditFilter, AuditRow, AuditStore, NewAuditEntry } from "#store/audit-store";
import { AUDIT_COLUMNS, readAudit } from "#store/sqlite/audit-row";
import { reading } from "#store/sqlite/failure";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteAudit implements AuditStore {
  readonly #writer: Writer;
  readonly #reader: DatabaseSync;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#reader = reader;
  }

  async append(tenantId: string, entry: NewAuditEntry): Promise<void> {
    await this.#writer.write("appendAudit", [tenantId, entry]);
  }

  async list(tenantId: string, filter: AuditFilter): Promise<readonly AuditRow[]> {
    const { conditions, values } = conditionsOf(filter);
    const where = ["tenant_id = ?", ...conditions].join(" AND ");
    const sql = `SELECT position, ${AUDIT_COLUMNS} FROM audit_log WHERE ${where} ORDER BY position DESC LIMIT ?`;
    return reading(() =>
      this.#reader
        .prepare(sql)
        .all(tenantId, ...values, filter.limit)
        .map(readAudit),
    );
  }

  prune(before: number): Promise<boolean> {
    return this.#writer.write("pruneAudit", [before]);
  }
}

function conditionsOf({ before, actorId, action, target, result, since, until }: AuditFilter) {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (condition: string, value: SQLInputValue | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add("position < ?", before);
  add("actor_id = ?", actorId);
  add("action = ?", action);
  add("EXISTS (SELECT 1 FROM json_each(targets) WHERE value = ?)", target);
  add("result = ?", result);
  add("at >= ?", since);
  add("at < ?", until);
  return { conditions, values };
}
