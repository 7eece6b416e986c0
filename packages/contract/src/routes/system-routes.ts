import type { Route } from "#routes/route";
import { CheckList, SystemView } from "#system";

const system = {
  version: "0.1.0",
  engine: "embedded",
  node: "24.21.0",
  unfinishedRuns: 3,
  maxRuns: 10000,
  databaseBytes: 1204224000,
  retentionDays: 30,
  auditRetentionDays: 365,
} as const;
const checks = [
  { check: "disk", verdict: "ok", durationMs: 1 },
  {
    check: "keys",
    verdict: "failed",
    problem: "/var/lib/millrace/secret.key can be read by other users",
    fix: "chmod 600 /var/lib/millrace/secret.key",
    durationMs: 0,
  },
] as const;
const base = { mark: "own", tag: "System", auth: "key:admin" } as const;

export const SYSTEM_ROUTES = [
  {
    ...base,
    id: "getSystem",
    permission: "view",
    method: "GET",
    path: "/api/v1/system",
    summary: "Read how this server is: engine, queue, database, retention",
    responses: { 200: { description: "The server.", schema: SystemView, examples: { system } } },
    errors: [],
  },
  {
    ...base,
    id: "runChecks",
    permission: "operate",
    method: "GET",
    path: "/api/v1/system/checks",
    summary: "Run the checks of millrace doctor",
    responses: {
      200: { description: "Every check, in the order of the command.", schema: CheckList, examples: { all: { data: checks } } },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
