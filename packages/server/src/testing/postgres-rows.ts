import pg from "pg";
import { TYPES } from "#store/postgres/types";

/** Rows that a statement answers; `$1` stands for the first of its values. */
export type AskRows = (sql: string, ...values: readonly unknown[]) => Promise<readonly { readonly [column: string]: unknown }[]>;

/** A connection to a database, as anybody may have one beside the server's, for as long as `use` takes. */
export async function withPostgres<T>(url: string, use: (rows: AskRows) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, types: TYPES });
  await client.connect();
  try {
    return await use(async (sql, ...values) => (await client.query(sql, [...values])).rows);
  } finally {
    await client.end();
  }
}
