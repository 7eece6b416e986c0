import { StoreCorrupt } from "#store/errors";
import type { HookRow, HookSettings } from "#store/hook-store";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";

/** A hook as stored: what people set is one text. */
export interface StoredHook {
  readonly tenantId: string;
  readonly id: string;
  readonly workflowId: string;
  readonly definition: string;
  readonly enabled: boolean;
  readonly tokenHash: string;
  readonly tokenHint: string;
  readonly previousHash: string | null;
  readonly previousUntil: number | null;
  readonly secret: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const HOOK_COLUMNS =
  "tenant_id, id, workflow_id, definition, enabled, token_hash, token_hint, previous_hash, previous_until, secret, created_at, updated_at, checksum";

export function hookColumns(row: StoredHook) {
  const { tenantId, id, workflowId, definition, tokenHash, tokenHint, previousHash, previousUntil, secret, createdAt, updatedAt } = row;
  const tokens = [tokenHash, tokenHint, previousHash, previousUntil] as const;
  const values = [tenantId, id, workflowId, definition, Number(row.enabled), ...tokens, secret, createdAt, updatedAt] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written: a hook that lost its secret must not let everybody in. */
export function readHook(row: Row): StoredHook {
  const stored: StoredHook = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    workflowId: text(row, "workflow_id"),
    definition: text(row, "definition"),
    enabled: number(row, "enabled") === 1,
    tokenHash: text(row, "token_hash"),
    tokenHint: text(row, "token_hint"),
    previousHash: textOrNull(row, "previous_hash"),
    previousUntil: numberOrNull(row, "previous_until"),
    secret: textOrNull(row, "secret"),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
  };
  if (hookColumns(stored).at(-1) !== row["checksum"]) throw new StoreCorrupt(`the row of hook ${stored.id} is not what was written`);
  return stored;
}

type Definition = Omit<HookSettings, "enabled" | "secret">;

export function hookDefinition(settings: Definition): string {
  const { name, version, methods, headers, input, respond, verification, maxBodyBytes, rateLimit } = settings;
  return JSON.stringify({ name, version, methods, headers, input, respond, verification, maxBodyBytes, rateLimit } satisfies Definition);
}

export function storedHook(tenantId: string, row: HookRow, tokenHash: string): StoredHook {
  const { id, workflowId, enabled, tokenHint, secret, createdAt, updatedAt } = row;
  const token = { tokenHash, tokenHint, previousHash: null, previousUntil: null };
  return { tenantId, id, workflowId, definition: hookDefinition(row), enabled, ...token, secret, createdAt, updatedAt };
}

export function hookRow({ tenantId: _, definition, tokenHash: _hash, previousHash: _previous, ...row }: StoredHook): HookRow {
  return { ...(JSON.parse(definition) as Definition), ...row };
}
