import { createReadStream } from "node:fs";
import type { CheckView, SystemView } from "@millrace/contract";
import type { Verdict } from "#doctor/examine";
import type { Handler } from "#http/handler";

export const getSystem: Handler = async ({ settings, store, doctor }, _request, reply) => {
  const { version, engine, maxRuns, retentionDays, auditRetentionDays, publicUrl } = settings;
  const system: SystemView = {
    version,
    engine,
    node: process.versions.node,
    unfinishedRuns: await store.runs.countUnfinished(),
    maxRuns,
    database: settings.databaseUrl === null ? "sqlite" : "postgres",
    databaseBytes: await doctor.databaseBytes(),
    retentionDays,
    auditRetentionDays,
    ...(publicUrl !== null && { publicUrl }),
  };
  return reply.send(JSON.stringify(system));
};

export const runChecks: Handler = async ({ doctor }, _request, reply) => {
  return reply.send(JSON.stringify({ data: (await doctor.examine()).map(checkView) }));
};

function checkView({ check, verdict, problem, fix, durationMs }: Verdict): CheckView {
  return { check, verdict, ...(problem !== null && { problem }), ...(fix !== null && { fix }), durationMs };
}

export const listBackups: Handler = async ({ backups }, _request, reply) => reply.send(JSON.stringify(backups.view()));

export const startBackup: Handler = async ({ backups }, _request, reply) => reply.code(202).send(JSON.stringify(backups.start()));

export const getBackup: Handler = async ({ backups }, request, reply) => {
  const { backup } = request.params as { backup: string };
  const { path, bytes } = backups.open(backup);
  return reply
    .headers({
      "content-type": "application/gzip",
      "content-length": String(bytes),
      "content-disposition": `attachment; filename="${backup}"`,
    })
    .send(createReadStream(path));
};
