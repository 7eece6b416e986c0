import type { BoundValue, DatabaseRows } from "@millrace/nodes";

/** What the process that has a file open is asked, one statement at a time. */
export interface SqliteAsk {
  readonly sql: string;
  readonly values: readonly BoundValue[];
  readonly readOnly: boolean;
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** `refusal`: the end of a sentence; `isDenied`: it would have needed a right that it has not. */
export type SqliteAnswer = { readonly rows: DatabaseRows } | { readonly refusal: string; readonly isDenied: boolean };
