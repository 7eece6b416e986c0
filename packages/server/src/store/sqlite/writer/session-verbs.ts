import type { DatabaseSync } from "node:sqlite";
import type { NewSession } from "#store/member-store";
import { ownerColumns, SESSION_COLUMNS, sessionChecksum } from "#store/sqlite/member-row";

export function sessionVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  return {
    beginSession(tenantId: string, session: NewSession): void {
      const { id, hash, of, address, userAgent, createdAt, expiresAt } = session;
      const times = [createdAt, expiresAt, createdAt] as const;
      sql.insert.run(tenantId, id, hash, ...ownerColumns(of), address, userAgent, ...times, sessionChecksum(tenantId, session));
    },

    endSession(tenantId: string, id: string): boolean {
      return sql.end.run(tenantId, id).changes === 1;
    },

    touchSession(tenantId: string, id: string, at: number): void {
      sql.touch.run(at, tenantId, id, at);
    },

    tidyMembers(now: number, idleSince: number): number {
      const sessions = sql.tidySessions.run(now, idleSince).changes;
      return Number(sessions) + Number(sql.tidyInvitations.run(now).changes);
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare(`INSERT INTO sessions (${SESSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    end: database.prepare("DELETE FROM sessions WHERE tenant_id = ? AND id = ?"),
    touch: database.prepare("UPDATE sessions SET last_used_at = ? WHERE tenant_id = ? AND id = ? AND last_used_at < ?"),
    tidySessions: database.prepare("DELETE FROM sessions WHERE expires_at <= ? OR last_used_at <= ?"),
    tidyInvitations: database.prepare("DELETE FROM invitations WHERE expires_at <= ?"),
  };
}
