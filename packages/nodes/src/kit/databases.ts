import type { JsonObject } from "@millrace/contract";
import type { CancelSignal } from "#kit/capabilities";

/**
 * The databases of the tenant, by the names of their connections. Throws `RetryableError` database_error (no connection could be made, or it
 * broke before the statement was sent), `TerminalError` database_error (the database refused the statement, or it took too long),
 * database_denied (it may not be done here), missing_reference (no such connection), limit_exceeded, type_error (a value that cannot be bound).
 */
export interface Databases {
  query(query: DatabaseQuery): Promise<DatabaseRows>;
}

export interface DatabaseQuery {
  readonly connection: string;
  /** One statement, as the texts between its values: one more than there are values. */
  readonly texts: readonly string[];
  /** Bound, never written into the text. */
  readonly values: readonly BoundValue[];
  /** true: it must be able to write; false: it must not; null: as the connection says. */
  readonly write: boolean | null;
  readonly maxRows: number;
  /** Of the rows as JSON. */
  readonly maxBytes: number;
  readonly signal: CancelSignal;
  readonly timeoutMs: number;
}

export type BoundValue = string | number | boolean | null;

export interface DatabaseRows {
  /** Of a statement that answers some: by the names of their columns. */
  readonly rows: readonly JsonObject[];
  /** Rows that were read, or that were changed. */
  readonly rowCount: number;
  readonly columns: readonly string[];
  /** There were more, which were not read. */
  readonly truncated: boolean;
}
