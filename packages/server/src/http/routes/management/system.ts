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
    databaseBytes: doctor.databaseBytes(),
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
