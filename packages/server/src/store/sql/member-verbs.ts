import { EmailTaken, LastOwner, NotFound } from "#store/errors";
import type { MemberChange, MemberRow, NewInvitation, NewMember } from "#store/member-store";
import { INVITATION_COLUMNS, invitationChecksum, MEMBER_COLUMNS, memberChecksum, readInvitation, readMember } from "#store/sql/member-row";
import { all, insert, one, run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";

const MEMBERS = `SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ?`;
const OWNERS = `${MEMBERS} AND role = 'owner' AND state = 'active'`;
const INSERT = insert("members", MEMBER_COLUMNS);
const UPDATE = "UPDATE members SET role = ?, state = ?, password = ?, checksum = ? WHERE tenant_id = ? AND id = ?";
// An address has one invitation: a newer one takes the place of the older one.
const PUT_INVITATION = upsert("invitations", INVITATION_COLUMNS, "tenant_id, email");
const DELETE_INVITATION = "DELETE FROM invitations WHERE tenant_id = ? AND id = ?";

export const memberVerbs = {
  *createFirstMember(tenantId: string, member: NewMember): Steps<boolean> {
    if ((yield* all(OWNERS, tenantId)).length > 0) return false;
    yield* requireFreeEmail(tenantId, member.email);
    yield* add(tenantId, member);
    return true;
  },

  *putOwner(tenantId: string, member: NewMember): Steps<MemberRow> {
    const row = yield* one(`${MEMBERS} AND email = ?`, tenantId, member.email);
    if (!row) return yield* add(tenantId, member);
    const known = readMember(row);
    yield* endSessions(tenantId, known.id);
    return yield* put({ ...known, role: "owner", state: "active", password: member.password });
  },

  *updateMember(tenantId: string, id: string, change: MemberChange): Steps<MemberRow> {
    const member = yield* found(tenantId, id);
    const changed = { ...member, ...change };
    if (isOwner(member) && !isOwner(changed)) yield* keepAnOwner(member);
    if (changed.state === "disabled") yield* endSessions(tenantId, id);
    return yield* put(changed);
  },

  *removeMember(tenantId: string, id: string): Steps<void> {
    const member = yield* found(tenantId, id);
    if (isOwner(member)) yield* keepAnOwner(member);
    yield* endSessions(tenantId, id);
    yield* run("DELETE FROM members WHERE tenant_id = ? AND id = ?", tenantId, id);
  },

  *setPassword(tenantId: string, id: string, password: string, sessions: { readonly keep: string } | null): Steps<void> {
    yield* put({ ...(yield* found(tenantId, id)), password });
    if (sessions) yield* endSessions(tenantId, id, sessions.keep);
  },

  *noteSignIn(tenantId: string, id: string, at: number): Steps<void> {
    yield* run("UPDATE members SET last_sign_in_at = ? WHERE tenant_id = ? AND id = ?", at, tenantId, id);
  },

  *invite(tenantId: string, invitation: NewInvitation): Steps<void> {
    const { id, hash, email, role, createdAt, expiresAt } = invitation;
    yield* requireFreeEmail(tenantId, email);
    yield* insertTenant(tenantId, createdAt);
    yield* run(PUT_INVITATION, tenantId, id, hash, email, role, createdAt, expiresAt, invitationChecksum(tenantId, invitation));
  },

  *revokeInvitation(tenantId: string, id: string): Steps<boolean> {
    return (yield* run(DELETE_INVITATION, tenantId, id)) === 1;
  },

  *acceptInvitation(hash: string, member: Pick<NewMember, "id" | "name" | "password">, now: number): Steps<MemberRow | null> {
    const row = yield* one(`SELECT ${INVITATION_COLUMNS} FROM invitations WHERE hash = ?`, hash);
    if (!row) return null;
    const { tenantId, id, email, role, expiresAt } = readInvitation(row);
    if (expiresAt <= now) return null;
    yield* requireFreeEmail(tenantId, email);
    yield* run(DELETE_INVITATION, tenantId, id);
    return yield* add(tenantId, { ...member, email, role, createdAt: now });
  },
};

function* add(tenantId: string, member: NewMember): Steps<MemberRow> {
  const row: MemberRow = { ...member, tenantId, state: "active", lastSignInAt: null };
  const { id, email, name, role, state, password, createdAt } = row;
  yield* insertTenant(tenantId, createdAt);
  yield* run(INSERT, tenantId, id, email, name, role, state, password, createdAt, null, memberChecksum(row));
  return row;
}

function* put(row: MemberRow): Steps<MemberRow> {
  yield* run(UPDATE, row.role, row.state, row.password, memberChecksum(row), row.tenantId, row.id);
  return row;
}

function* found(tenantId: string, id: string): Steps<MemberRow> {
  const row = yield* one(`${MEMBERS} AND id = ?`, tenantId, id);
  if (!row) throw new NotFound(`the member ${id}`);
  return readMember(row);
}

function* requireFreeEmail(tenantId: string, email: string): Steps<void> {
  if (yield* one(`${MEMBERS} AND email = ?`, tenantId, email)) throw new EmailTaken(email);
}

function* keepAnOwner({ tenantId, id }: MemberRow): Steps<void> {
  const owners = (yield* all(OWNERS, tenantId)).map(readMember);
  if (!owners.some((owner) => owner.id !== id)) throw new LastOwner(id);
}

function isOwner({ role, state }: MemberRow): boolean {
  return role === "owner" && state === "active";
}

function* endSessions(tenantId: string, memberId: string, keep = ""): Steps<void> {
  yield* run("DELETE FROM sessions WHERE tenant_id = ? AND member_id = ? AND id <> ?", tenantId, memberId, keep);
}
