// `npm run test:postgres`: what comes in through HTTP, on PostgreSQL; `-- <path or pattern>…` only those test files. With
// MILLRACE_TEST_SERVERS=3 three servers are on each database, and are asked in turn.
import { withDatabases } from "./database.ts";
import { leftOutOnPostgres } from "./left-out.ts";
import { runServerTests } from "./server-tests.ts";

await withDatabases((env) => runServerTests(leftOutOnPostgres, { report: "reports/tests-postgres.txt", env }));
