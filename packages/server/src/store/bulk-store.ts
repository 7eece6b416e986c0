import type { BulkAction, BulkState } from "@millrace/contract";
import type { RunFilter } from "#store/run-filter";

/** Jobs over many runs. */
export interface BulkStore {
  /** Of those that ended, the newest hundred stay. */
  create(tenantId: string, job: BulkJobRow): Promise<void>;
  get(tenantId: string, id: string): Promise<BulkJobRow | null>;
  /** Newest first; `before` is the id of the last one seen. */
  list(tenantId: string, page: { readonly limit: number; readonly before?: string }): Promise<readonly BulkJobRow[]>;
  /** Those of all tenants that run, oldest first. */
  running(): Promise<readonly OwnedBulkJob[]>;
  /** How far it is now. A job that was stopped meanwhile stays so. */
  advance(tenantId: string, id: string, progress: BulkProgress): Promise<void>;
  /** Stops it, where it runs. False: there is none. */
  stop(tenantId: string, id: string, at: number): Promise<boolean>;
}

export interface BulkDefinition {
  readonly action: BulkAction;
  readonly filter: Omit<RunFilter, "limit" | "before"> & { readonly status: NonNullable<RunFilter["status"]> };
  readonly from: "failed" | "start";
  readonly version: string;
}

export interface BulkCounts {
  readonly done: number;
  readonly failed: number;
  readonly lastError: string | null;
}

export interface BulkJobRow extends BulkDefinition, BulkCounts {
  /** 24 hex characters. */
  readonly id: string;
  readonly state: BulkState;
  /** Runs older than this one are still to come. */
  readonly beforeRun: string;
  readonly matched: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnedBulkJob extends BulkJobRow {
  readonly tenantId: string;
}

export interface BulkProgress extends BulkCounts {
  readonly beforeRun: string;
  readonly isDone: boolean;
  readonly at: number;
}
