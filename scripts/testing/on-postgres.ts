// `npm run test:postgres`: the suites that come in through HTTP, on PostgreSQL; `-- <path or pattern>…` only those test files. With
// MILLRACE_TEST_SERVERS=3 three servers are on each database, and are asked in turn.
import { migrate } from "../../packages/server/src/store/postgres/migrate.ts";
import { openPool } from "../../packages/server/src/store/postgres/pool.ts";
import { hasPostgres, startPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { parseArguments } from "../gate/arguments.ts";
import { runTests } from "../gate/run-tests.ts";
import { allTestFiles, selectTestFiles } from "../gate/test-files.ts";

if (!hasPostgres) throw new Error("no PostgreSQL on this machine: apt-get install postgresql");
const { patterns, nodeOptions } = parseArguments(process.argv.slice(2));
const server = await startPostgres();
try {
  server.sql("CREATE DATABASE millrace_template");
  const pool = openPool(server.url("millrace_template"), console);
  await migrate(pool);
  await pool.end();
  process.env["MILLRACE_TEST_POSTGRES"] = server.url("postgres");
  const files = allTestFiles().filter((file) => file.startsWith("packages/server/test/"));
  if (!(await runTests(selectTestFiles(files, patterns), nodeOptions))) process.exitCode = 1;
} finally {
  await server.close();
}
