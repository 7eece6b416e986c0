import type { RunStatus, RunTrigger } from "@millrace/contract";

export interface RunFilter {
  readonly limit: number;
  /** Runs older than this run id. */
  readonly before?: string;
  readonly workflowId?: string;
  readonly status?: RunStatus;
  readonly userId?: string;
  readonly trigger?: RunTrigger;
  /** Id of what began it. */
  readonly starterId?: string;
  /** Accepted at or after. */
  readonly since?: number;
  /** Accepted before. */
  readonly until?: number;
}
