import pg from "pg";
import type { Finding } from "#doctor/check";

/** Time for the database to answer, in ms. */
const ANSWER_MS = 5_000;

/** Of a table that the first start has not made yet. */
const UNDEFINED_TABLE = "42P01";

/** The first row; undefined: there is none, or no table yet. Rejects where the database does not answer. */
export async function askPostgres(url: string, sql: string, values: readonly string[] = []): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
  // A connection that breaks is told by the query.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows[0];
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return undefined;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function checkPostgres(url: string): Promise<Finding> {
  const fix = "start it, or correct MILLRACE_DATABASE_URL";
  try {
    const row = await askPostgres(url, "SELECT pg_is_in_recovery() AS copies");
    return row?.["copies"] === true ? { problem: "the database is a copy that takes no writes", fix: "name the primary" } : null;
  } catch (error) {
    return { problem: `the database cannot be reached: ${(error as Error).message}`, fix };
  }
}
