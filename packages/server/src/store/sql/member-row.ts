import { StoreCorrupt } from "#store/errors";
import type { InvitationRow, MemberRow, NewInvitation, NewSession, SessionOwner, SessionRow } from "#store/member-store";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";

// Rows that say who may do what are served only as they were written: a flipped bit must not make a viewer an owner.

export const MEMBER_COLUMNS = "tenant_id, id, email, name, role, state, password, created_at, last_sign_in_at, checksum";
export const INVITATION_COLUMNS = "tenant_id, id, hash, email, role, created_at, expires_at, checksum";
export const SESSION_COLUMNS =
  "tenant_id, id, hash, member_id, key_id, address, user_agent, created_at, expires_at, last_used_at, checksum";

export function readMember(row: Row): MemberRow {
  const member: MemberRow = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    email: text(row, "email"),
    name: text(row, "name"),
    role: text(row, "role") as MemberRow["role"],
    state: text(row, "state") as MemberRow["state"],
    password: text(row, "password"),
    createdAt: number(row, "created_at"),
    lastSignInAt: numberOrNull(row, "last_sign_in_at"),
  };
  return intact(row, memberChecksum(member), `member ${member.id}`, member);
}

export function memberChecksum({ tenantId, id, email, name, role, state, password, createdAt }: MemberRow): number {
  return rowChecksum([tenantId, id, email, name, role, state, password, createdAt]);
}

export function readInvitation(row: Row): InvitationRow {
  const stored = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    hash: text(row, "hash"),
    email: text(row, "email"),
    role: text(row, "role") as InvitationRow["role"],
    createdAt: number(row, "created_at"),
    expiresAt: number(row, "expires_at"),
  };
  const { hash: _, ...served } = stored;
  return intact(row, invitationChecksum(stored.tenantId, stored), `invitation ${stored.id}`, served);
}

export function invitationChecksum(tenantId: string, { id, hash, email, role, createdAt, expiresAt }: NewInvitation): number {
  return rowChecksum([tenantId, id, hash, email, role, createdAt, expiresAt]);
}

export function readSession(row: Row): SessionRow {
  const stored = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    hash: text(row, "hash"),
    of: ownerOf(textOrNull(row, "member_id"), textOrNull(row, "key_id")),
    address: text(row, "address"),
    userAgent: text(row, "user_agent"),
    createdAt: number(row, "created_at"),
    expiresAt: number(row, "expires_at"),
    lastUsedAt: number(row, "last_used_at"),
  };
  const { hash: _, ...served } = stored;
  return intact(row, sessionChecksum(stored.tenantId, stored), `session ${stored.id}`, served);
}

export function sessionChecksum(tenantId: string, session: NewSession): number {
  const { id, hash, of, address, userAgent, createdAt, expiresAt } = session;
  return rowChecksum([tenantId, id, hash, ...ownerColumns(of), address, userAgent, createdAt, expiresAt]);
}

/** member_id, key_id. */
export function ownerColumns(of: SessionOwner): readonly [string | null, string | null] {
  return "memberId" in of ? [of.memberId, null] : [null, of.keyId];
}

function ownerOf(memberId: string | null, keyId: string | null): SessionOwner {
  return memberId === null ? { keyId: keyId ?? "" } : { memberId };
}

function intact<T>(row: Row, checksum: number, what: string, value: T): T {
  if (row["checksum"] !== checksum) throw new StoreCorrupt(`the row of ${what} is not what was written`);
  return value;
}
