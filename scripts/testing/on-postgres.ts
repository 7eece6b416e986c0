// `npm run test:postgres`: what comes in through HTTP, on PostgreSQL; `-- <path or pattern>…` only those test files. With
// MILLRACE_TEST_SERVERS=3 three servers are on each database, and are asked in turn.
import { hasPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { parseArguments } from "../gate/arguments.ts";
import { allTestFiles, selectTestFiles } from "../gate/test-files.ts";
import { leftOut } from "./left-out.ts";
import { runOnPostgres } from "./run-on-postgres.ts";

if (!hasPostgres) throw new Error("no PostgreSQL on this machine: apt-get install postgresql");
const { patterns, nodeOptions } = parseArguments(process.argv.slice(2));
const files = allTestFiles().filter((file) => file.startsWith("packages/server/test/"));
const chosen = patterns.length > 0 ? selectTestFiles(files, patterns) : files.filter((file) => leftOut(file) === null);
for (const [reason, those] of Map.groupBy(
  files.filter((file) => !chosen.includes(file)),
  leftOut,
))
  if (patterns.length === 0) console.log(`${those.length} files are left out: ${reason}`);

const servers = Number(process.env["MILLRACE_TEST_SERVERS"] ?? 1);
if (!(await runOnPostgres(chosen, nodeOptions, servers))) process.exitCode = 1;
