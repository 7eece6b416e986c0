/** Links with which somebody without an account looks at one run. They go with their run. */
export interface ShareStore {
  create(tenantId: string, share: NewShare): Promise<void>;
  /** Of a run, newest first, those that are over included. */
  list(tenantId: string, runId: string): Promise<readonly ShareRow[]>;
  /** False when there is no such link. */
  delete(tenantId: string, runId: string, id: string): Promise<boolean>;
  /** The one look-up without a tenant: the hash says whose it is. A link that is over is found too. */
  findByHash(hash: string): Promise<OwnedShare | null>;
}

export interface ShareRow {
  /** 24 hex characters. */
  readonly id: string;
  readonly runId: string;
  /** First and last characters of the token, for people. */
  readonly hint: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Email of the member, name of the key. */
  readonly createdBy: string;
}

export interface NewShare extends ShareRow {
  /** HMAC-SHA-256 of the token, hex; the token itself is nowhere. */
  readonly hash: string;
}

export interface OwnedShare extends ShareRow {
  readonly tenantId: string;
}
