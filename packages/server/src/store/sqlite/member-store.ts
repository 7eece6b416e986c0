import type { DatabaseSync } from "node:sqlite";
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
import { reading } from "#store/sqlite/failure";
import {
  INVITATION_COLUMNS,
  MEMBER_COLUMNS,
  ownerColumns,
  readInvitation,
  readMember,
  readSession,
  SESSION_COLUMNS,
} from "#store/sqlite/member-row";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteMembers implements MemberStore {
  readonly #writer: Writer;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#read = prepareReads(reader);
  }

  createFirst(tenantId: string, member: NewMember): Promise<boolean> {
    return this.#writer.write("createFirstMember", [tenantId, member]);
  }

  putOwner(tenantId: string, member: NewMember): Promise<MemberRow> {
    return this.#writer.write("putOwner", [tenantId, member]);
  }

  async hasOwner(tenantId: string): Promise<boolean> {
    return (await this.list(tenantId)).some(({ role, state }) => role === "owner" && state === "active");
  }

  async list(tenantId: string): Promise<readonly MemberRow[]> {
    return reading(() => this.#read.members.all(tenantId).map(readMember));
  }

  async get(tenantId: string, id: string): Promise<MemberRow | null> {
    return reading(() => {
      const row = this.#read.byId.get(tenantId, id);
      return row ? readMember(row) : null;
    });
  }

  async findByEmail(tenantId: string, email: string): Promise<MemberRow | null> {
    return reading(() => {
      const row = this.#read.byEmail.get(tenantId, email);
      return row ? readMember(row) : null;
    });
  }

  update(tenantId: string, id: string, change: MemberChange): Promise<MemberRow> {
    return this.#writer.write("updateMember", [tenantId, id, change]);
  }

  async remove(tenantId: string, id: string): Promise<void> {
    await this.#writer.write("removeMember", [tenantId, id]);
  }

  async setPassword(tenantId: string, id: string, password: string, sessions: { readonly keep: string } | null): Promise<void> {
    await this.#writer.write("setPassword", [tenantId, id, password, sessions]);
  }

  async noteSignIn(tenantId: string, id: string, at: number): Promise<void> {
    await this.#writer.write("noteSignIn", [tenantId, id, at]);
  }

  async invite(tenantId: string, invitation: NewInvitation): Promise<void> {
    await this.#writer.write("invite", [tenantId, invitation]);
  }

  async invitations(tenantId: string, now: number): Promise<readonly InvitationRow[]> {
    return reading(() => this.#read.invitations.all(tenantId, now).map(readInvitation));
  }

  revokeInvitation(tenantId: string, id: string): Promise<boolean> {
    return this.#writer.write("revokeInvitation", [tenantId, id]);
  }

  accept(hash: string, member: Pick<NewMember, "id" | "name" | "password">, now: number): Promise<MemberRow | null> {
    return this.#writer.write("acceptInvitation", [hash, member, now]);
  }

  async beginSession(tenantId: string, session: NewSession): Promise<void> {
    await this.#writer.write("beginSession", [tenantId, session]);
  }

  async findSession(hash: string): Promise<SessionRow | null> {
    return reading(() => {
      const row = this.#read.sessionByHash.get(hash);
      return row ? readSession(row) : null;
    });
  }

  async sessions(tenantId: string, of: SessionOwner): Promise<readonly SessionRow[]> {
    return reading(() => this.#read.sessions.all(tenantId, ...ownerColumns(of)).map(readSession));
  }

  endSession(tenantId: string, id: string): Promise<boolean> {
    return this.#writer.write("endSession", [tenantId, id]);
  }

  async touchSession(tenantId: string, id: string, at: number): Promise<void> {
    await this.#writer.write("touchSession", [tenantId, id, at]);
  }

  tidy(now: number, idleSince: number): Promise<number> {
    return this.#writer.write("tidyMembers", [now, idleSince]);
  }
}

function prepareReads(database: DatabaseSync) {
  return {
    members: database.prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ? ORDER BY created_at, id`),
    byId: database.prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ? AND id = ?`),
    byEmail: database.prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE tenant_id = ? AND email = ?`),
    invitations: database.prepare(`
      SELECT ${INVITATION_COLUMNS} FROM invitations WHERE tenant_id = ? AND expires_at > ? ORDER BY created_at DESC, id DESC`),
    sessionByHash: database.prepare(`SELECT ${SESSION_COLUMNS} FROM sessions WHERE hash = ?`),
    sessions: database.prepare(`
      SELECT ${SESSION_COLUMNS} FROM sessions WHERE tenant_id = ? AND (member_id = ? OR key_id = ?) ORDER BY created_at DESC, id DESC`),
  };
}
