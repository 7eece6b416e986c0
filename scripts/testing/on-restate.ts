// `npm run test:restate`: the same on PostgreSQL with all runs driven by a Restate server; `-- <path or pattern>…` only those test files. Each
// test server has names of its own there. With MILLRACE_TEST_SERVERS=3 three servers are on each database, and are asked in turn.
import { hasRestate, startRestate } from "../../packages/server/src/testing/restate-server.ts";
import { withDatabases } from "./database.ts";
import { leftOutOnRestate } from "./left-out.ts";
import { runServerTests } from "./server-tests.ts";

if (!hasRestate) throw new Error("no Restate server on this machine: npm install @restatedev/restate-server-linux-x64");
await withDatabases(async (env) => {
  const engine = await startRestate();
  const options = { report: "reports/tests-restate.txt", env: { ...env, MILLRACE_TEST_RESTATE: `${engine.ingress},${engine.admin}` } };
  try {
    await runServerTests(leftOutOnRestate, options);
  } finally {
    await engine.close();
  }
});
