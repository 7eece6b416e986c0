/** Runs of one workflow that one key began, or no key, whose execution took about as long. */
export interface RunTally {
  readonly workflowId: string;
  readonly keyId: string | null;
  /** Eight times the binary logarithm of the ms + 1, rounded down. */
  readonly durationClass: number;
  readonly runs: number;
  readonly ended: number;
  readonly failed: number;
  readonly credits: number;
}
