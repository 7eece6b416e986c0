import type { RunTrigger } from "@millrace/contract";

/** Ended runs by when they started, as programs read them page by page. */
export interface HistoryFilter {
  /** null: of every workflow. */
  readonly workflowIds: readonly string[] | null;
  /** startedAt, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly triggers: readonly RunTrigger[];
  /** Runs of drafts too. */
  readonly drafts: boolean;
  readonly userId?: string;
  readonly runId?: string;
}
