import type { NewSession } from "#store/member-store";
import { ownerColumns, SESSION_COLUMNS, sessionChecksum } from "#store/sql/member-row";
import { insert, run, type Steps } from "#store/sql/steps";

const INSERT = insert("sessions", SESSION_COLUMNS);
const TOUCH = "UPDATE sessions SET last_used_at = ? WHERE tenant_id = ? AND id = ? AND last_used_at < ?";

export const sessionVerbs = {
  *beginSession(tenantId: string, session: NewSession): Steps<void> {
    const { id, hash, of, address, userAgent, createdAt, expiresAt } = session;
    const times = [createdAt, expiresAt, createdAt] as const;
    yield* run(INSERT, tenantId, id, hash, ...ownerColumns(of), address, userAgent, ...times, sessionChecksum(tenantId, session));
  },

  *endSession(tenantId: string, id: string): Steps<boolean> {
    return (yield* run("DELETE FROM sessions WHERE tenant_id = ? AND id = ?", tenantId, id)) === 1;
  },

  *touchSession(tenantId: string, id: string, at: number): Steps<void> {
    yield* run(TOUCH, at, tenantId, id, at);
  },

  /** How many sessions and invitations are gone. */
  *tidyMembers(now: number, idleSince: number): Steps<number> {
    const sessions = yield* run("DELETE FROM sessions WHERE expires_at <= ? OR last_used_at <= ?", now, idleSince);
    return sessions + (yield* run("DELETE FROM invitations WHERE expires_at <= ?", now));
  },
};
