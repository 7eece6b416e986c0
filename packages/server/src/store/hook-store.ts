import type { HookMethod, JsonObject, RateLimit, VerificationKind } from "@millrace/contract";
import type { StarterFilter } from "#store/schedule-store";

/** Where requests of other systems start runs. */
export interface HookStore {
  /** Rejects with `NotFound` where the workflow is not known. */
  create(tenantId: string, hook: HookRow, tokenHash: string): Promise<void>;
  /** Replaces what is set, the secret too. Rejects with `NotFound`. */
  update(tenantId: string, id: string, settings: HookSettings, at: number): Promise<void>;
  /** The current token works beside the new one until then; one before it is forgotten. Rejects with `NotFound`. */
  rotate(tenantId: string, id: string, token: { hash: string; hint: string }, previousUntil: number, at: number): Promise<void>;
  /** False where there is none. */
  delete(tenantId: string, id: string): Promise<boolean>;
  get(tenantId: string, id: string): Promise<HookRow | null>;
  /** Newest first; `before` is the id of the last one seen. */
  list(tenantId: string, filter: StarterFilter): Promise<readonly HookRow[]>;
  /** The one look-up without a tenant: the token's hash says whose it is. One that was replaced is found until its time is over. */
  findByToken(hash: string, at: number): Promise<OwnedHook | null>;
}

export interface HookSettings {
  /** "" for none. */
  readonly name: string;
  /** null: the live one. */
  readonly version: string | null;
  readonly methods: readonly HookMethod[];
  /** Lower case. */
  readonly headers: readonly string[];
  /** With expressions; null: what is sent is the input. */
  readonly input: JsonObject | null;
  readonly respond: "accepted" | "result";
  readonly verification: { readonly kind: VerificationKind; readonly header: string | null };
  readonly maxBodyBytes: number;
  readonly rateLimit: RateLimit;
  readonly enabled: boolean;
  /** Sealed by whoever keeps the key. */
  readonly secret: string | null;
}

export interface HookRow extends HookSettings {
  /** 24 hex characters. */
  readonly id: string;
  readonly workflowId: string;
  /** First and last characters of the token, for people. */
  readonly tokenHint: string;
  readonly previousUntil: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnedHook extends HookRow {
  readonly tenantId: string;
}
