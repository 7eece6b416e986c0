import { migrate } from "../../packages/server/src/store/postgres/migrate.ts";
import { openNearest } from "../../packages/server/src/store/postgres/nearest.ts";
import { openPool } from "../../packages/server/src/store/postgres/pool.ts";
import { startPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { runTests } from "../gate/run-tests.ts";

/** The full report of these tests. */
const REPORT = "reports/tests-postgres.txt";

/** Runs the files with a PostgreSQL of their own below their servers, of which so many are on each database; answers whether all passed. */
export async function runOnPostgres(files: readonly string[], nodeOptions: readonly string[], servers: number): Promise<boolean> {
  const server = await startPostgres();
  try {
    server.sql("CREATE DATABASE millrace_template");
    const pool = openPool(server.url("millrace_template"), console);
    await migrate(pool);
    (await openNearest(pool, console))?.stop();
    await pool.end();
    const env = { MILLRACE_TEST_POSTGRES: server.url("postgres"), MILLRACE_TEST_SERVERS: String(servers) };
    return await runTests(files, nodeOptions, { report: REPORT, env });
  } finally {
    await server.close();
  }
}
