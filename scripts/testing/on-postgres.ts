// `npm run test:postgres`: what comes in through HTTP, on PostgreSQL; `-- <path or pattern>…` only those test files. With
// MILLRACE_TEST_SERVERS=3 three servers are on each database, and are asked in turn.
import { migrate } from "../../packages/server/src/store/postgres/migrate.ts";
import { openNearest } from "../../packages/server/src/store/postgres/nearest.ts";
import { openPool } from "../../packages/server/src/store/postgres/pool.ts";
import { hasPostgres, startPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { parseArguments } from "../gate/arguments.ts";
import { runTests } from "../gate/run-tests.ts";
import { allTestFiles, selectTestFiles } from "../gate/test-files.ts";
import { leftOut } from "./left-out.ts";

if (!hasPostgres) throw new Error("no PostgreSQL on this machine: apt-get install postgresql");
const { patterns, nodeOptions } = parseArguments(process.argv.slice(2));
const files = allTestFiles().filter((file) => file.startsWith("packages/server/test/"));
const chosen = patterns.length > 0 ? selectTestFiles(files, patterns) : files.filter((file) => leftOut(file) === null);
for (const [reason, those] of Map.groupBy(
  files.filter((file) => !chosen.includes(file)),
  leftOut,
))
  if (patterns.length === 0) console.log(`${those.length} files are left out: ${reason}`);

const server = await startPostgres();
try {
  server.sql("CREATE DATABASE millrace_template");
  const pool = openPool(server.url("millrace_template"), console);
  await migrate(pool);
  (await openNearest(pool, console))?.stop();
  await pool.end();
  process.env["MILLRACE_TEST_POSTGRES"] = server.url("postgres");
  if (!(await runTests(chosen, nodeOptions))) process.exitCode = 1;
} finally {
  await server.close();
}
