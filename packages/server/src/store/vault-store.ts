import type { JsonObject } from "@millrace/contract";

/** What tenants keep sealed, as it is stored; whoever has the key seals and opens. */
export interface VaultStore {
  get(tenantId: string, kind: VaultKind, name: string): Promise<VaultRow | null>;
  /** By name. */
  list(tenantId: string, kind: VaultKind): Promise<readonly VaultRow[]>;
  /** Makes it, or replaces it: it keeps the time of its making and of its last use. */
  put(tenantId: string, kind: VaultKind, name: string, contents: VaultContents, at: number): Promise<VaultRow>;
  /** False when there is no such thing. */
  delete(tenantId: string, kind: VaultKind, name: string): Promise<boolean>;
  /** Notes the last use; loses nothing that matters when it is late. */
  touch(tenantId: string, kind: VaultKind, name: string, at: number): Promise<void>;
  /** Of the key that everything here is sealed with; null: the store has never met one. */
  keyFingerprint(): Promise<string | null>;
  /** Keeps the first one; resolves with the one that is kept. */
  keepKeyFingerprint(fingerprint: string): Promise<string>;
}

export type VaultKind = "secret" | "connection";

export interface VaultContents {
  /** What may be shown. */
  readonly facts: JsonObject;
  /** null: there is nothing to keep secret. */
  readonly sealed: string | null;
}

export interface VaultRow extends VaultContents {
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastUsedAt: number | null;
}
