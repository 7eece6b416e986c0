import type { DatabaseSync } from "node:sqlite";
import { EmailTaken, LastOwner, NotFound } from "#store/errors";
import type { MemberChange, MemberRow, NewInvitation, NewMember } from "#store/member-store";
import {
  INVITATION_COLUMNS,
  invitationChecksum,
  MEMBER_COLUMNS,
  memberChecksum,
  readInvitation,
  readMember,
} from "#store/sqlite/member-row";
import { insertTenant } from "#store/sqlite/writer/tenant";

export function memberVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const tenant = insertTenant(database);
  const insert = (tenantId: string, member: NewMember): MemberRow => {
    const row: MemberRow = { ...member, tenantId, state: "active", lastSignInAt: null };
    const { id, email, name, role, state, password, createdAt } = row;
    tenant(tenantId, createdAt);
    sql.insert.run(tenantId, id, email, name, role, state, password, createdAt, null, memberChecksum(row));
    return row;
  };
  const put = (row: MemberRow): MemberRow => {
    sql.put.run(row.role, row.state, row.password, memberChecksum(row), row.tenantId, row.id);
    return row;
  };
  const found = (tenantId: string, id: string): MemberRow => {
    const row = sql.byId.get(tenantId, id);
    if (!row) throw new NotFound(`the member ${id}`);
    return readMember(row);
  };
  const ownersOf = (tenantId: string): readonly MemberRow[] => sql.owners.all(tenantId).map(readMember);
  const keepAnOwner = ({ tenantId, id }: MemberRow): void => {
    if (!ownersOf(tenantId).some((owner) => owner.id !== id)) throw new LastOwner(id);
  };
  return {
    createFirstMember(tenantId: string, member: NewMember): boolean {
      if (ownersOf(tenantId).length > 0) return false;
      if (sql.byEmail.get(tenantId, member.email)) throw new EmailTaken(member.email);
      insert(tenantId, member);
      return true;
    },

    putOwner(tenantId: string, member: NewMember): MemberRow {
      const row = sql.byEmail.get(tenantId, member.email);
      if (!row) return insert(tenantId, member);
      const known = readMember(row);
      sql.endSessions.run(tenantId, known.id, "");
      return put({ ...known, role: "owner", state: "active", password: member.password });
    },

    updateMember(tenantId: string, id: string, change: MemberChange): MemberRow {
      const member = found(tenantId, id);
      const changed = { ...member, ...change };
      const isOwner = changed.role === "owner" && changed.state === "active";
      if (member.role === "owner" && member.state === "active" && !isOwner) keepAnOwner(member);
      if (changed.state === "disabled") sql.endSessions.run(tenantId, id, "");
      return put(changed);
    },

    removeMember(tenantId: string, id: string): void {
      const member = found(tenantId, id);
      if (member.role === "owner" && member.state === "active") keepAnOwner(member);
      sql.endSessions.run(tenantId, id, "");
      sql.remove.run(tenantId, id);
    },

    setPassword(tenantId: string, id: string, password: string, sessions: { readonly keep: string } | null): void {
      put({ ...found(tenantId, id), password });
      if (sessions) sql.endSessions.run(tenantId, id, sessions.keep);
    },

    noteSignIn(tenantId: string, id: string, at: number): void {
      sql.noteSignIn.run(at, tenantId, id);
    },

    invite(tenantId: string, invitation: NewInvitation): void {
      const { id, hash, email, role, createdAt, expiresAt } = invitation;
      if (sql.byEmail.get(tenantId, email)) throw new EmailTaken(email);
      tenant(tenantId, createdAt);
      sql.putInvitation.run(tenantId, id, hash, email, role, createdAt, expiresAt, invitationChecksum(tenantId, invitation));
    },

    revokeInvitation(tenantId: string, id: string): boolean {
      return sql.removeInvitation.run(tenantId, id).changes === 1;
    },

    acceptInvitation(hash: string, member: Pick<NewMember, "id" | "name" | "password">, now: number): MemberRow | null {
      const row = sql.invitationByHash.get(hash);
      if (!row) return null;
      const { tenantId, id, email, role, expiresAt } = readInvitation(row);
      if (expiresAt <= now) return null;
      if (sql.byEmail.get(tenantId, email)) throw new EmailTaken(email);
      sql.removeInvitation.run(tenantId, id);
      return insert(tenantId, { ...member, email, role, createdAt: now });
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare(`INSERT INTO members (${MEMBER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    put: database.prepare("UPDATE members SET role = ?, state = ?, password = ?, checksum = ? WHERE tenant_id = ? AND id = ?"),
    byId: database.prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ? AND id = ?`),
    byEmail: database.prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ? AND email = ?`),
    owners: database.prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ? AND role = 'owner' AND state = 'active'`),
    remove: database.prepare("DELETE FROM members WHERE tenant_id = ? AND id = ?"),
    endSessions: database.prepare("DELETE FROM sessions WHERE tenant_id = ? AND member_id = ? AND id <> ?"),
    noteSignIn: database.prepare("UPDATE members SET last_sign_in_at = ? WHERE tenant_id = ? AND id = ?"),
    putInvitation: database.prepare(`INSERT OR REPLACE INTO invitations (${INVITATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    invitationByHash: database.prepare(`SELECT ${INVITATION_COLUMNS} FROM invitations WHERE hash = ?`),
    removeInvitation: database.prepare("DELETE FROM invitations WHERE tenant_id = ? AND id = ?"),
  };
}
