import { type RateLimit, type Role, type Scope, scopesOfRole } from "@millrace/contract";
import type { ApiKeys } from "#keys/api-keys";
import type { KeyRow, KeyStore, KeyUse } from "#store/key-store";
import type { Store } from "#store/store";

/** Who calls, and what that lets it reach. Authority comes from here and from nothing else in a request. */
export interface Caller {
  readonly kind: "key" | "member";
  readonly tenantId: string;
  /** Of the key or the member: what idempotency and limits are counted by. */
  readonly keyId: string;
  /** Name of the key, email of the member. */
  readonly name: string;
  /** Of a member and of an admin key: it alone says what they may do. null: the scopes do. */
  readonly role: Role | null;
  /** The session that the request came in; null: it carries a key. */
  readonly sessionId: string | null;
  /** On the run API; those of the role where there is one. */
  readonly scopes: readonly Scope[];
  /** null: every workflow of the tenant. */
  readonly workflowIds: readonly string[] | null;
  readonly rateLimit: RateLimit | null;
}

/** A key that another process revoked is refused after this long at the latest. */
const TRUST_MS = 1_000;

/** Keys remembered at once; the oldest are looked up again. */
const MAX_REMEMBERED = 10_000;

/** Last uses are written together, and none later than this. */
const TOUCH_MS = 5_000;

interface Remembered {
  readonly caller: Caller;
  readonly expiresAt: number | null;
  readonly until: number;
}

const BEARER = /^bearer +(\S+)$/i;

/** The key of an `Authorization` header: `Bearer <key>`, or the raw key alone. null: no key that could be one. */
function keyOf(header: string): string | null {
  const value = header.trim();
  const bearer = BEARER.exec(value)?.[1];
  if (bearer !== undefined) return bearer;
  return value !== "" && !/\s/.test(value) ? value : null;
}

export function callerOfKey(row: KeyRow): Caller {
  const { tenantId, id, name, workflowIds, rateLimit } = row;
  const role = roleOfKey(row);
  const scopes = role === null ? (row.scopes as readonly Scope[]) : scopesOfRole(role);
  return { kind: "key", tenantId, keyId: id, name, role, sessionId: null, scopes, workflowIds, rateLimit };
}

/** null: not an admin key. */
export function roleOfKey({ scopes, role }: Pick<KeyRow, "scopes" | "role">): Role | null {
  return scopes.includes("admin") ? (role ?? "owner") : null;
}

export interface AuthenticatorOptions {
  readonly store: Pick<Store, "watch">;
  readonly keys: KeyStore;
  readonly apiKeys: ApiKeys;
  /** Monotonic ms, for trust; epoch ms, for expiry and last use. */
  readonly mono: () => number;
  readonly now: () => number;
  /** Calls back at a time, epoch ms; returns the way to take that back. */
  readonly at: (wallMs: number, wake: () => void) => () => void;
}

/**
 * Looks keys up by their hash; remembers for a second what it found, under the header as it came: hashing the key anew for every
 * request would cost more than all else that is done before the body is read.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #remembered = new Map<string, Remembered>();
  readonly #uses = new Map<string, KeyUse>();
  /** Takes back the next writing of last uses; null: none is due. */
  #unschedule: (() => void) | null = null;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    options.store.watch((change) => {
      if (change.kind === "key") this.#remembered.clear();
    });
  }

  /** null: no such key, revoked, or expired. `from`: the address of who asks. Without a promise where the key is remembered: the hot path waits for nothing. */
  authenticate(header: string | undefined, from: string): Caller | null | Promise<Caller | null> {
    if (header === undefined) return null;
    const known = this.#remembered.get(header);
    if (known && known.until > this.#options.mono()) return this.#admit(known, from);
    const key = keyOf(header);
    return key === null ? null : this.#lookUp(header, key, from);
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#unschedule?.();
    await this.#touch();
  }

  async #lookUp(header: string, key: string, from: string): Promise<Caller | null> {
    const row = await this.#options.keys.findByHash(this.#options.apiKeys.hash(key));
    if (!row || row.revokedAt !== null) return null;
    const found = { caller: callerOfKey(row), expiresAt: row.expiresAt, until: this.#options.mono() + TRUST_MS };
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(header, found);
    return this.#admit(found, from);
  }

  #admit({ caller, expiresAt }: Remembered, from: string): Caller | null {
    const now = this.#options.now();
    if (expiresAt !== null && expiresAt <= now) return null;
    this.#uses.set(caller.keyId, { id: caller.keyId, at: now, from });
    this.#unschedule ??= this.#options.at(now + TOUCH_MS, () => void this.#touch());
    return caller;
  }

  /** A last use that cannot be written is tried again with the next one. */
  async #touch(): Promise<void> {
    this.#unschedule = null;
    if (this.#uses.size === 0) return;
    const uses = [...this.#uses.values()];
    this.#uses.clear();
    await this.#options.keys.touch(uses).catch(() => {
      for (const use of uses) if (!this.#uses.has(use.id)) this.#uses.set(use.id, use);
    });
  }
}
