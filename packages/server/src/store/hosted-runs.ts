/** Stands for the owner of a run that an engine outside drives: no process that drives runs itself takes it over. */
export const HOSTED = "hosted";

/** A run that was called, and that nobody waits for any more. */
export interface LeftRun {
  readonly tenantId: string;
  readonly runId: string;
}

/** A run that no life ever had. */
export interface UnstartedRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly acceptedAt: number;
  /** In its journal. */
  readonly entries: number;
}
