import { StoreCorrupt } from "#store/errors";

/** What a column holds, and what a statement is given. */
export type SqlValue = string | number | bigint | null | Uint8Array;

export type Row = Readonly<Record<string, SqlValue>>;

// The columns of every table have types that the database holds to, so a wrong type in a row is damage.

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : wrong(column, value);
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : wrong(column, value);
}

export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

function wrong(column: string, value: unknown): never {
  throw new StoreCorrupt(`the column ${column} holds a value of type ${value === null ? "null" : typeof value}`);
}
