import Type from "typebox";
import type { Route } from "#routes/route";
import { BackupsView, CheckList, SystemView } from "#system";

const system = {
  version: "0.1.0",
  engine: "embedded",
  node: "24.21.0",
  unfinishedRuns: 3,
  maxRuns: 10000,
  database: "sqlite",
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
const backups = {
  folder: "/var/lib/millrace/backups",
  data: [{ name: "20260928T101500Z-on-demand.tgz", bytes: 1204224000, createdAt: 1790000000000 }],
};
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
  {
    ...base,
    id: "listBackups",
    permission: "administer",
    method: "GET",
    path: "/api/v1/system/backups",
    summary: "List the backups on the server, and the one that is being made",
    responses: { 200: { description: "All of them.", schema: BackupsView, examples: { all: backups } } },
    errors: ["conflict"],
  },
  {
    ...base,
    id: "startBackup",
    permission: "administer",
    method: "POST",
    path: "/api/v1/system/backups",
    summary: "Back the data up now",
    description:
      "While the server goes on: one moment of everything but the secret key, verified before it counts, as of `millrace backup`. The answer comes at once; the list tells how far it is.",
    responses: {
      202: {
        description: "It has begun.",
        schema: BackupsView,
        examples: { begun: { ...backups, running: { startedAt: 1790000009000, share: 0 } } },
      },
    },
    errors: ["conflict"],
  },
  {
    ...base,
    id: "getBackup",
    audited: true,
    permission: "administer",
    method: "GET",
    path: "/api/v1/system/backups/{backup}",
    summary: "Read a backup",
    responses: {
      200: {
        description: "The archive, for `millrace restore`.",
        contentTypes: ["application/gzip"],
        schema: Type.String({ description: "Bytes." }),
        examples: { archive: "…" },
      },
    },
    errors: ["not_found", "conflict"],
  },
] as const satisfies readonly Route[];
