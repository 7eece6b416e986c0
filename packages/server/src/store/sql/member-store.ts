import type {
  InvitationRow,
  MemberChange,
  MemberRow,
  MemberStore,
  NewInvitation,
  NewMember,
  NewSession,
  SessionOwner,
  SessionRow,
} from "#store/member-store";
import type { SqlDatabase } from "#store/sql/database";
import {
  INVITATION_COLUMNS,
  MEMBER_COLUMNS,
  ownerColumns,
  readInvitation,
  readMember,
  readSession,
  SESSION_COLUMNS,
} from "#store/sql/member-row";
import { all, one } from "#store/sql/steps";

const MEMBERS = `SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ?`;
const INVITATIONS = `
  SELECT ${INVITATION_COLUMNS} FROM invitations WHERE tenant_id = ? AND expires_at > ? ORDER BY created_at DESC, id DESC`;
const SESSION = `SELECT ${SESSION_COLUMNS} FROM sessions WHERE hash = ?`;
const SESSIONS = `
  SELECT ${SESSION_COLUMNS} FROM sessions WHERE tenant_id = ? AND (member_id = ? OR key_id = ?) ORDER BY created_at DESC, id DESC`;

export class SqlMembers implements MemberStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  createFirst(tenantId: string, member: NewMember): Promise<boolean> {
    return this.#database.write("createFirstMember", [tenantId, member]);
  }

  putOwner(tenantId: string, member: NewMember): Promise<MemberRow> {
    return this.#database.write("putOwner", [tenantId, member]);
  }

  async hasOwner(tenantId: string): Promise<boolean> {
    return (await this.list(tenantId)).some(({ role, state }) => role === "owner" && state === "active");
  }

  async list(tenantId: string): Promise<readonly MemberRow[]> {
    return (await this.#database.read(all(`${MEMBERS} ORDER BY created_at, id`, tenantId))).map(readMember);
  }

  get(tenantId: string, id: string): Promise<MemberRow | null> {
    return this.#member(`${MEMBERS} AND id = ?`, tenantId, id);
  }

  findByEmail(tenantId: string, email: string): Promise<MemberRow | null> {
    return this.#member(`${MEMBERS} AND email = ?`, tenantId, email);
  }

  async #member(sql: string, tenantId: string, value: string): Promise<MemberRow | null> {
    const row = await this.#database.read(one(sql, tenantId, value));
    return row ? readMember(row) : null;
  }

  update(tenantId: string, id: string, change: MemberChange): Promise<MemberRow> {
    return this.#database.write("updateMember", [tenantId, id, change]);
  }

  remove(tenantId: string, id: string): Promise<void> {
    return this.#database.write("removeMember", [tenantId, id]);
  }

  setPassword(tenantId: string, id: string, password: string, sessions: { readonly keep: string } | null): Promise<void> {
    return this.#database.write("setPassword", [tenantId, id, password, sessions]);
  }

  noteSignIn(tenantId: string, id: string, at: number): Promise<void> {
    return this.#database.write("noteSignIn", [tenantId, id, at]);
  }

  invite(tenantId: string, invitation: NewInvitation): Promise<void> {
    return this.#database.write("invite", [tenantId, invitation]);
  }

  async invitations(tenantId: string, now: number): Promise<readonly InvitationRow[]> {
    return (await this.#database.read(all(INVITATIONS, tenantId, now))).map(readInvitation);
  }

  revokeInvitation(tenantId: string, id: string): Promise<boolean> {
    return this.#database.write("revokeInvitation", [tenantId, id]);
  }

  accept(hash: string, member: Pick<NewMember, "id" | "name" | "password">, now: number): Promise<MemberRow | null> {
    return this.#database.write("acceptInvitation", [hash, member, now]);
  }

  beginSession(tenantId: string, session: NewSession): Promise<void> {
    return this.#database.write("beginSession", [tenantId, session]);
  }

  async findSession(hash: string): Promise<SessionRow | null> {
    const row = await this.#database.read(one(SESSION, hash));
    return row ? readSession(row) : null;
  }

  async sessions(tenantId: string, of: SessionOwner): Promise<readonly SessionRow[]> {
    return (await this.#database.read(all(SESSIONS, tenantId, ...ownerColumns(of)))).map(readSession);
  }

  endSession(tenantId: string, id: string): Promise<boolean> {
    return this.#database.write("endSession", [tenantId, id]);
  }

  touchSession(tenantId: string, id: string, at: number): Promise<void> {
    return this.#database.write("touchSession", [tenantId, id, at]);
  }

  tidy(now: number, idleSince: number): Promise<number> {
    return this.#database.write("tidyMembers", [now, idleSince]);
  }
}
