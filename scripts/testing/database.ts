import { migrate } from "../../packages/server/src/store/postgres/migrate.ts";
import { openNearest } from "../../packages/server/src/store/postgres/nearest.ts";
import { openPool } from "../../packages/server/src/store/postgres/pool.ts";
import { hasPostgres, startPostgres } from "../../packages/server/src/testing/database-servers.ts";

/** Variables of tests. */
export type TestEnv = Readonly<Record<string, string>>;

/** Calls `use` with what puts the data of every test server on one PostgreSQL, in a database of its own. */
export async function withDatabases<T>(use: (env: TestEnv) => Promise<T>): Promise<T> {
  if (!hasPostgres) throw new Error("no PostgreSQL on this machine: apt-get install postgresql");
  const server = await startPostgres();
  try {
    server.sql("CREATE DATABASE millrace_template");
    const pool = openPool(server.url("millrace_template"), console);
    await migrate(pool);
    (await openNearest(pool, console))?.stop();
    await pool.end();
    return await use({ MILLRACE_TEST_POSTGRES: server.url("postgres") });
  } finally {
    await server.close();
  }
}
