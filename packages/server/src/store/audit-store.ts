import type { NewAuditEntry } from "#deed";

// What was done on the server, and by whom. Rows are never changed, and go from the oldest on when their time is over.

export interface AuditStore {
  append(tenantId: string, entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  list(tenantId: string, filter: AuditFilter): Promise<readonly AuditRow[]>;
  /** Deletes the oldest rows of all tenants that were written before, a slice at most; true: there may be more. */
  prune(before: number): Promise<boolean>;
}

export interface AuditRow extends NewAuditEntry {
  /** Ascending. */
  readonly position: number;
}

export interface AuditFilter {
  readonly limit: number;
  /** Rows before this position. */
  readonly before?: number;
  readonly actorId?: string;
  readonly action?: string;
  /** One of the targets' values. */
  readonly target?: string;
  readonly result?: NewAuditEntry["result"];
  readonly since?: number;
  readonly until?: number;
}
