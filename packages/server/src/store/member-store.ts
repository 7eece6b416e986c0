// Who may operate the server. Like every seam: the tenant first, times in epoch ms, a write is durable when its promise resolves.

export interface MemberStore {
  /** The first member. False, and nothing is written, where an owner who can sign in exists. Rejects with `EmailTaken`. */
  createFirst(tenantId: string, member: NewMember): Promise<boolean>;
  /** From a command on the data directory: makes the owner, or makes the member with this email one, active, with this password. */
  putOwner(tenantId: string, member: NewMember): Promise<MemberRow>;
  /** Is there an owner who can sign in? */
  hasOwner(tenantId: string): Promise<boolean>;
  /** Oldest first. */
  list(tenantId: string): Promise<readonly MemberRow[]>;
  get(tenantId: string, id: string): Promise<MemberRow | null>;
  findByEmail(tenantId: string, email: string): Promise<MemberRow | null>;
  /** A member who is disabled loses all sessions. Rejects with `NotFound` or `LastOwner`. */
  update(tenantId: string, id: string, change: MemberChange): Promise<MemberRow>;
  /** With all sessions. Rejects with `NotFound` or `LastOwner`. */
  remove(tenantId: string, id: string): Promise<void>;
  /** All sessions but `keep` end; null: none does (the same password, hashed anew). */
  setPassword(tenantId: string, id: string, password: string, sessions: { readonly keep: string } | null): Promise<void>;
  noteSignIn(tenantId: string, id: string, at: number): Promise<void>;

  /** Takes the place of one for the same email. Rejects with `EmailTaken` where it is a member's. */
  invite(tenantId: string, invitation: NewInvitation): Promise<void>;
  /** Newest first; those that can be accepted at this time. */
  invitations(tenantId: string, now: number): Promise<readonly InvitationRow[]>;
  /** False where there is none. */
  revokeInvitation(tenantId: string, id: string): Promise<boolean>;
  /** Makes the member and uses the invitation up, in one transaction. null: there is none that can be accepted now. */
  accept(hash: string, member: Pick<NewMember, "id" | "name" | "password">, now: number): Promise<MemberRow | null>;

  beginSession(tenantId: string, session: NewSession): Promise<void>;
  /** Also one that is over by its times: whoever asks judges those. */
  findSession(hash: string): Promise<SessionRow | null>;
  /** Of a member or of a key, newest first. */
  sessions(tenantId: string, of: SessionOwner): Promise<readonly SessionRow[]>;
  /** False where there is none. */
  endSession(tenantId: string, id: string): Promise<boolean>;
  /** Notes the last use; loses nothing that matters when it is late. */
  touchSession(tenantId: string, id: string, at: number): Promise<void>;
  /** Forgets sessions and invitations of all tenants that are over; resolves with their number. */
  tidy(now: number, idleSince: number): Promise<number>;
}

export type MemberRole = "owner" | "editor" | "operator" | "viewer";

export interface NewMember {
  /** 24 hex characters. */
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  /** Algorithm, parameters, salt and hash in one text. */
  readonly password: string;
  readonly createdAt: number;
}

export interface MemberRow extends NewMember {
  readonly tenantId: string;
  readonly state: "active" | "disabled";
  readonly lastSignInAt: number | null;
}

export interface MemberChange {
  readonly role?: MemberRole;
  readonly state?: MemberRow["state"];
}

export interface NewInvitation {
  readonly id: string;
  /** Of its token. */
  readonly hash: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface InvitationRow extends Omit<NewInvitation, "hash"> {
  readonly tenantId: string;
}

export type SessionOwner = { readonly memberId: string } | { readonly keyId: string };

export interface NewSession {
  readonly id: string;
  /** Of its cookie. */
  readonly hash: string;
  readonly of: SessionOwner;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface SessionRow extends Omit<NewSession, "hash"> {
  readonly tenantId: string;
  readonly lastUsedAt: number;
}
