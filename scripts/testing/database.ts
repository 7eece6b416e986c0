import { migrate } from "../../packages/server/src/store/postgres/migrate.ts";
import { openNearest } from "../../packages/server/src/store/postgres/nearest.ts";
import { openPool } from "../../packages/server/src/store/postgres/pool.ts";
import { hasPostgres, startPostgres } from "../../packages/server/src/testing/database-servers.ts";

/** Calls `use` while every test server has its data on one PostgreSQL, in a database of its own. */
export async function withDatabases(use: () => Promise<void>): Promise<void> {
  if (!hasPostgres) throw new Error("no PostgreSQL on this machine: apt-get install postgresql");
  const server = await startPostgres();
  try {
    server.sql("CREATE DATABASE millrace_template");
    const pool = openPool(server.url("millrace_template"), console);
    await migrate(pool);
    (await openNearest(pool, console))?.stop();
    await pool.end();
    process.env["MILLRACE_TEST_POSTGRES"] = server.url("postgres");
    await use();
  } finally {
    await server.close();
  }
}
