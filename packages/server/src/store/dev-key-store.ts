/** Keys of an organisation: whoever has one and its secret may make workflows and keys for them. */
export interface DevKeyStore {
  create(tenantId: string, key: NewDevKey): Promise<DevKeyRow>;
  /** Newest first, revoked ones included. */
  list(tenantId: string): Promise<readonly DevKeyRow[]>;
  /** False when there is no such key. A second time changes nothing. */
  revoke(tenantId: string, id: string, at: number): Promise<boolean>;
  /** The one look-up without a tenant: the hash says whose it is. Revoked and expired keys are found too. */
  findByHash(hash: string): Promise<DevKeyRow | null>;
}

export interface NewDevKey {
  /** 24 hex characters: the DevKey itself, which is no secret. */
  readonly id: string;
  /** HMAC-SHA-256 of key and secret, hex. */
  readonly hash: string;
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface DevKeyRow extends Omit<NewDevKey, "hash"> {
  readonly tenantId: string;
  readonly revokedAt: number | null;
}
