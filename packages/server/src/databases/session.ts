import type { BoundValue, DatabaseRows } from "@millrace/nodes";

/** One connection to a database, for one statement at a time. */
export interface Session {
  /** False: it is to be closed, and not used again. */
  readonly isUsable: boolean;
  /**
   * Runs one statement, in a transaction of its own. TerminalError database_error, database_denied; RetryableError database_error where
   * nothing came of it and it may pass. Once the signal is aborted the statement is stopped in the database, and its reason is thrown.
   */
  run(statement: SessionStatement): Promise<DatabaseRows>;
  close(): void;
}

export interface SessionStatement {
  /** One more than there are values. */
  readonly texts: readonly string[];
  readonly values: readonly BoundValue[];
  /** Enforced by the database. */
  readonly readOnly: boolean;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** The signal is aborted then. */
  readonly timeoutMs: number;
}
