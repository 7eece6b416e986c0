// The gate of the repository: `npm test` runs everything, `npm test -- <path or pattern>…` only those test files.
import { parseArguments } from "./gate/arguments.ts";
import { CHECKS } from "./gate/checks.ts";
import { runChecks } from "./gate/run-checks.ts";
import { runTests } from "./gate/run-tests.ts";
import { allTestFiles, selectTestFiles } from "./gate/test-files.ts";
import { IN_GATE, SERVERS } from "./testing/in-gate.ts";

const { staticOnly, patterns, nodeOptions } = parseArguments(process.argv.slice(2));
const files = staticOnly ? [] : selectTestFiles(allTestFiles(), patterns);

const failed = patterns.length > 0 ? [] : await runChecks(CHECKS);
// Before the others, whose counts are to be the last that is printed.
const postgresPassed = staticOnly || patterns.length > 0 || (await postgresTests());
const testsPassed = staticOnly || (await runTests(files, nodeOptions));

if (failed.length > 0) console.error(`\nFailed checks: ${failed.join(", ")}. Run one alone with \`npm run <name>\`.`);
if (failed.length > 0 || !testsPassed || !postgresPassed) process.exitCode = 1;

/** Loaded late: whoever runs a few files waits for nothing of it. */
async function postgresTests(): Promise<boolean> {
  const { hasPostgres } = await import("../packages/server/src/testing/database-servers.ts");
  if (!hasPostgres) return true;
  const { withDatabases } = await import("./testing/database.ts");
  const report = "reports/tests-postgres.txt";
  return withDatabases((env) => runTests(IN_GATE, nodeOptions, { report, env: { ...env, MILLRACE_TEST_SERVERS: `${SERVERS}` } }));
}
