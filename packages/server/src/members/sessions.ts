import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { scopesOfRole } from "@millrace/contract";
import type { Ids } from "#ids";
import { type Caller, callerOfKey } from "#keys/authenticate";
import { TOKEN_CHARACTERS } from "#members/one-time-tokens";
import { RequestError } from "#request-error";
import type { KeyRow, KeyStore } from "#store/key-store";
import type { MemberRow, MemberStore, SessionOwner, SessionRow } from "#store/member-store";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A session ends when it was not used for so long, and in any case so long after it began. */
export const SESSION_IDLE_MS = DAY_MS;
export const SESSION_LIFE_MS = 30 * DAY_MS;

/** The last use is written no more often than this. */
const TOUCH_MS = MINUTE_MS;

/** Longer names of browsers are cut. */
const MAX_USER_AGENT = 300;

/** Of one member or key; the oldest ends for a new one. */
const MAX_SESSIONS = 50;

/** Where a session begins. */
export interface Place {
  readonly address: string;
  readonly userAgent: string;
}

export interface SessionsOptions {
  readonly members: MemberStore;
  readonly keys: KeyStore;
  readonly ids: Ids;
  /** HMAC key: a stolen database opens no session. */
  readonly pepper: Buffer;
  readonly now: () => number;
}

/** What a browser stays signed in by. Who it is, and what that may do, is read anew for every request: a change holds at once. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #pepper: KeyObject;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#pepper = createSecretKey(options.pepper);
  }

  /** The token is for the cookie, and nowhere else. */
  async begin(tenantId: string, of: SessionOwner, { address, userAgent }: Place): Promise<string> {
    const { members, ids, now } = this.#options;
    const token = ids.token(TOKEN_CHARACTERS);
    const createdAt = now();
    const place = { address, userAgent: userAgent.slice(0, MAX_USER_AGENT) };
    const times = { createdAt, expiresAt: createdAt + SESSION_LIFE_MS };
    for (const old of (await members.sessions(tenantId, of)).slice(MAX_SESSIONS - 1)) await members.endSession(tenantId, old.id);
    await members.beginSession(tenantId, { id: ids.objectId(), hash: this.#hash(token), of, ...place, ...times });
    return token;
  }

  /** null: no such session, it is over, or whose it is may no longer sign in. */
  async authenticate(token: string): Promise<Caller | null> {
    const { members, now } = this.#options;
    const session = await members.findSession(this.#hash(token));
    if (!session || isOver(session, now())) return null;
    const caller = await this.#callerOf(session);
    if (caller && now() - session.lastUsedAt >= TOUCH_MS) {
      // Where it cannot be written, the next request tries again.
      await members.touchSession(session.tenantId, session.id, now()).catch(() => undefined);
    }
    return caller;
  }

  /** Those that can be used, newest first. */
  async list(caller: Caller): Promise<readonly SessionRow[]> {
    const rows = await this.#options.members.sessions(caller.tenantId, ownerOf(caller));
    return rows.filter((row) => !isOver(row, this.#options.now()));
  }

  /** One of the caller's own. Throws `not_found`. */
  async end(caller: Caller, id: string): Promise<void> {
    const { members } = this.#options;
    const own = (await members.sessions(caller.tenantId, ownerOf(caller))).some((row) => row.id === id);
    if (!own || !(await members.endSession(caller.tenantId, id))) throw new RequestError("not_found", { key: "not_found.session" });
  }

  #hash(token: string): string {
    return createHmac("sha256", this.#pepper).update(token).digest("hex");
  }

  async #callerOf({ tenantId, id, of }: SessionRow): Promise<Caller | null> {
    const { members, keys, now } = this.#options;
    if ("memberId" in of) {
      const member = await members.get(tenantId, of.memberId);
      return member?.state === "active" ? { ...callerOfMember(member), sessionId: id } : null;
    }
    const key = await keys.get(tenantId, of.keyId);
    return key && works(key, now()) ? { ...callerOfKey(key), sessionId: id } : null;
  }
}

function callerOfMember({ tenantId, id, email, role }: MemberRow): Caller {
  const reach = { workflowIds: null, rateLimit: null, scopes: scopesOfRole(role) };
  return { kind: "member", tenantId, keyId: id, name: email, role, sessionId: null, ...reach };
}

function ownerOf({ kind, keyId }: Caller): SessionOwner {
  return kind === "member" ? { memberId: keyId } : { keyId };
}

function isOver({ expiresAt, lastUsedAt }: SessionRow, now: number): boolean {
  return expiresAt <= now || lastUsedAt + SESSION_IDLE_MS <= now;
}

function works({ revokedAt, expiresAt }: KeyRow, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
