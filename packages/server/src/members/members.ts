import { createHmac } from "node:crypto";
import type { Role } from "@millrace/contract";
import { noteActor, noteAnswer, noteTarget } from "#deed";
import type { Ids } from "#ids";
import type { Caller } from "#keys/authenticate";
import { ATTEMPT_LIMITS, AttemptLimiter } from "#members/attempt-limiter";
import { OneTimeTokens, type OneTimeTokensPorts, TOKEN_CHARACTERS } from "#members/one-time-tokens";
import type { Passwords } from "#members/passwords";
import { RequestError } from "#request-error";
import { EmailTaken, LastOwner, NotFound } from "#store/errors";
import type { InvitationRow, MemberChange, MemberRow, MemberStore } from "#store/member-store";

const HOUR_MS = 3_600_000;

/** How long the link to make the first owner works; a start of the server prints a new one. */
const SETUP_LIFE_MS = HOUR_MS;

/** How long an invitation can be accepted. */
const INVITATION_LIFE_MS = 72 * HOUR_MS;

export interface MembersOptions {
  readonly members: MemberStore;
  readonly passwords: Passwords;
  readonly ids: Ids;
  /** HMAC key for invitations. */
  readonly pepper: Buffer;
  readonly now: () => number;
  readonly mono: () => number;
  /** null: no other process has the store. */
  readonly shared: OneTimeTokensPorts["shared"];
}

export interface NewPerson {
  readonly email: string;
  readonly name?: string;
  readonly password: string;
}

/** Who may sign in, and how one becomes a member. */
export class Members {
  readonly #options: MembersOptions;
  readonly #setup: OneTimeTokens<null>;
  readonly #byAccount: AttemptLimiter;
  readonly #byAddress: AttemptLimiter;

  constructor(options: MembersOptions) {
    this.#options = options;
    const { ids, now, shared } = options;
    this.#setup = new OneTimeTokens({ purpose: "setup", ids, now, shared }, SETUP_LIFE_MS);
    this.#byAccount = new AttemptLimiter(ATTEMPT_LIMITS.account, options);
    this.#byAddress = new AttemptLimiter(ATTEMPT_LIMITS.address, options);
  }

  hasOwner(tenantId: string): Promise<boolean> {
    return this.#options.members.hasOwner(tenantId);
  }

  /** A token to make the first owner with; null: there is one. */
  async openSetup(tenantId: string): Promise<string | null> {
    return (await this.hasOwner(tenantId)) ? null : (await this.#setup.make(null)).token;
  }

  /** Throws `unauthorized` for a wrong token, `conflict` where there is an owner, `rate_limited`. */
  async setUp(tenantId: string, token: string, person: NewPerson, address: string): Promise<MemberRow> {
    await this.attempt(address, () => this.#setup.get(token));
    const member = await this.#owner(person);
    noteActor("member", tenantId, member.id, member.email);
    const isFirst = await refusing(this.#options.members.createFirst(tenantId, member));
    await this.#setup.clear();
    if (!isFirst) throw new RequestError("conflict", { key: "conflict.owner" });
    return { ...member, tenantId, state: "active", lastSignInAt: null };
  }

  /** For a command on the data directory: an owner, new or with a new password. */
  async putOwner(tenantId: string, person: NewPerson): Promise<MemberRow> {
    noteAnswer({ is: "target", kind: "member" });
    const owner = await this.#owner(person);
    noteTarget("email", owner.email);
    return this.#options.members.putOwner(tenantId, owner);
  }

  /**
   * Answers as late, and with the same words, where there is no such account or it is disabled. Throws `unauthorized`, `rate_limited`, or
   * `overloaded`. `tried` hears of the account that is meant before the outcome is known.
   */
  async signIn(tenantId: string, given: NewPerson, address: string, tried: (member: MemberRow) => void): Promise<MemberRow> {
    const { members, passwords, now } = this.#options;
    const email = given.email.trim().toLowerCase();
    const known = await members.findByEmail(tenantId, email);
    if (known) tried(known);
    return this.attempt(address, async () => {
      const takeBack = this.#byAccount.take(`${tenantId} ${email}`);
      const isRight = await passwords.verify(given.password, known?.password ?? null);
      if (!known || !isRight || known.state !== "active") throw new RequestError("unauthorized", { key: "unauthorized.credentials" });
      takeBack();
      await members.noteSignIn(tenantId, known.id, now());
      if (passwords.isOutdated(known.password)) await members.setPassword(tenantId, known.id, await passwords.hash(given.password), null);
      return known;
    });
  }

  /** Ends the other sessions. Throws `unauthorized` for a wrong password, `rate_limited`. */
  async changePassword({ tenantId, keyId, sessionId }: Caller, current: string, password: string): Promise<void> {
    const { members, passwords } = this.#options;
    const member = await members.get(tenantId, keyId);
    const takeBack = this.#byAccount.take(`${tenantId} ${member?.email ?? ""}`);
    if (!(await passwords.verify(current, member?.password ?? null)))
      throw new RequestError("unauthorized", { key: "unauthorized.password" });
    takeBack();
    await members.setPassword(tenantId, keyId, await passwords.hash(password), { keep: sessionId ?? "" });
  }

  list(tenantId: string): Promise<readonly MemberRow[]> {
    return this.#options.members.list(tenantId);
  }

  async get(tenantId: string, id: string): Promise<MemberRow> {
    const member = await this.#options.members.get(tenantId, id);
    if (!member) throw new RequestError("not_found", { key: "not_found.member" });
    return member;
  }

  /** Throws `not_found`, or `conflict` where it is the last owner. */
  update(tenantId: string, id: string, change: MemberChange): Promise<MemberRow> {
    return refusing(this.#options.members.update(tenantId, id, change));
  }

  remove(tenantId: string, id: string): Promise<void> {
    return refusing(this.#options.members.remove(tenantId, id));
  }

  /** The token is in the answer and nowhere else. Throws `conflict` for a member's email. */
  async invite(tenantId: string, email: string, role: Role): Promise<{ token: string; row: InvitationRow }> {
    const { members, ids, now } = this.#options;
    const token = ids.token(TOKEN_CHARACTERS);
    const createdAt = now();
    const times = { createdAt, expiresAt: createdAt + INVITATION_LIFE_MS };
    const row = { id: ids.objectId(), email: email.toLowerCase(), role, ...times };
    noteTarget("invitation", row.id);
    noteTarget("email", row.email);
    await refusing(members.invite(tenantId, { ...row, hash: this.#hash(token) }));
    return { token, row: { ...row, tenantId } };
  }

  invitations(tenantId: string): Promise<readonly InvitationRow[]> {
    return this.#options.members.invitations(tenantId, this.#options.now());
  }

  async revokeInvitation(tenantId: string, id: string): Promise<void> {
    if (!(await this.#options.members.revokeInvitation(tenantId, id))) throw new RequestError("not_found", { key: "not_found.invitation" });
  }

  /** Throws `unauthorized` for a token that is unknown, used or over, `rate_limited`. */
  async accept(token: string, { name = "", password }: Omit<NewPerson, "email">, address: string): Promise<MemberRow> {
    const { members, passwords, ids, now } = this.#options;
    return this.attempt(address, async () => {
      const person = { id: ids.objectId(), name, password: await passwords.hash(password) };
      noteAnswer({ is: "actor" });
      const member = await refusing(members.accept(this.#hash(token), person, now()));
      if (!member) throw new RequestError("unauthorized", { key: "unauthorized.link" });
      return member;
    });
  }

  /** Counts what is wrong against the address; what succeeds, and what was not looked at, is not counted. */
  async attempt<T>(address: string, work: () => Promise<T>): Promise<T> {
    const takeBack = this.#byAddress.take(address);
    try {
      const done = await work();
      takeBack();
      return done;
    } catch (error) {
      if (!(error instanceof RequestError) || error.type !== "unauthorized") takeBack();
      throw error;
    }
  }

  async #owner({ email, name = "", password }: NewPerson) {
    const { ids, passwords, now } = this.#options;
    const hashed = await passwords.hash(password);
    return { id: ids.objectId(), email: email.toLowerCase(), name, role: "owner", password: hashed, createdAt: now() } as const;
  }

  #hash(token: string): string {
    return createHmac("sha256", this.#options.pepper).update(token).digest("hex");
  }
}

/** What the store refuses, in the words of the contract. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LastOwner) throw new RequestError("conflict", { key: "conflict.last_owner" });
    if (error instanceof EmailTaken) throw new RequestError("conflict", { key: "conflict.email", params: { email: error.email } });
    if (error instanceof NotFound) throw new RequestError("not_found", { key: "not_found.member" });
    throw error;
  }
}
