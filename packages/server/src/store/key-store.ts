import type { RateLimit } from "@millrace/contract";
import type { MemberRole } from "#store/member-store";

/** API keys. */
export interface KeyStore {
  create(tenantId: string, key: NewKey): Promise<KeyRow>;
  list(tenantId: string): Promise<readonly KeyRow[]>;
  /** False when there is no such key. A second time changes nothing. */
  revoke(tenantId: string, id: string, at: number): Promise<boolean>;
  get(tenantId: string, id: string): Promise<KeyRow | null>;
  /**
   * Makes a key that may do what the old one may, and lets that one expire at `oldUntil`, or at its own time if that is sooner; in one
   * transaction. Rejects with `NotFound` or `KeyNotRotatable`.
   */
  rotate(tenantId: string, id: string, replacement: Pick<NewKey, "id" | "hash" | "hint" | "createdAt">, oldUntil: number): Promise<KeyRow>;
  /** The one look-up without a tenant: the key's hash says whose it is. Revoked and expired keys are found too. */
  findByHash(hash: string): Promise<KeyRow | null>;
  /** Notes the last use of each; loses nothing that matters when it is late. */
  touch(uses: readonly KeyUse[]): Promise<void>;
}

/** `from`: the address that it came from. */
export interface KeyUse {
  readonly id: string;
  readonly at: number;
  readonly from: string;
}

export interface NewKey {
  readonly id: string;
  /** HMAC-SHA-256 of the key, hex; the key itself is nowhere. */
  readonly hash: string;
  /** First and last characters, for people: `mr_9hK…4f2x`. */
  readonly hint: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Of a key with the scope admin: null means owner. */
  readonly role: MemberRole | null;
  /** Ids of the workflows that it reaches; null: all of the tenant. */
  readonly workflowIds: readonly string[] | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** null: as many requests as come. */
  readonly rateLimit: RateLimit | null;
}

export interface KeyRow extends Omit<NewKey, "hash"> {
  readonly tenantId: string;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
  /** The address that used it last. */
  readonly lastUsedFrom: string | null;
  /** Id of the key that a rotation made in its place. */
  readonly replacedBy: string | null;
}
