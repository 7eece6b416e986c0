import type { JsonObject } from "@millrace/contract";
import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { VaultKind, VaultRow } from "#store/vault-store";

export const VAULT_COLUMNS = "tenant_id, kind, name, facts, sealed, created_at, updated_at, last_used_at, checksum";

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not send a credential elsewhere. */
export function readVaultRow(row: Row): VaultRow {
  const facts = text(row, "facts");
  const stored = {
    name: text(row, "name"),
    sealed: textOrNull(row, "sealed"),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
  };
  const kind = text(row, "kind") as VaultKind;
  if (vaultChecksum(text(row, "tenant_id"), kind, { ...stored, facts }) !== row["checksum"])
    throw new StoreCorrupt(`the row of the ${kind} ${stored.name} is not what was written`);
  return { ...stored, facts: JSON.parse(facts) as JsonObject, lastUsedAt: numberOrNull(row, "last_used_at") };
}

/** `facts` as the text that is stored. */
type Guarded = Pick<VaultRow, "name" | "sealed" | "createdAt" | "updatedAt"> & { readonly facts: string };

export function vaultChecksum(tenantId: string, kind: VaultKind, { name, facts, sealed, createdAt, updatedAt }: Guarded): number {
  return rowChecksum([tenantId, kind, name, facts, sealed, createdAt, updatedAt]);
}
