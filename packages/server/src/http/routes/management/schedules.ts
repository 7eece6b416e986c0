import type { CreateScheduleBody, ScheduleView, UpdateScheduleBody } from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import { starterPage } from "#http/routes/management/starter-page";
import { presentAcknowledgement } from "#runs/present-run";
import type { ScheduleRow } from "#store/schedule-store";

export const listSchedules: Handler = async (ports, request, reply) => {
  return reply.send(await starterPage(ports, request, (tenantId, filter) => ports.schedules.list(tenantId, filter), viewOf));
};

export const createSchedule: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const row = await ports.schedules.create(tenantId, request.body as CreateScheduleBody, languageOf(request));
  return reply.code(201).send(JSON.stringify(await viewOf(ports, tenantId, row)));
};

export const getSchedule: Handler = async (ports, request, reply) => {
  const { schedule } = request.params as { schedule: string };
  const { tenantId } = callerOf(request);
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, await ports.schedules.get(tenantId, schedule))));
};

export const updateSchedule: Handler = async (ports, request, reply) => {
  const { schedule } = request.params as { schedule: string };
  const { tenantId } = callerOf(request);
  const row = await ports.schedules.update(tenantId, schedule, (request.body ?? {}) as UpdateScheduleBody, languageOf(request));
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, row)));
};

export const deleteSchedule: Handler = async (ports, request, reply) => {
  const { schedule } = request.params as { schedule: string };
  await ports.schedules.delete(callerOf(request).tenantId, schedule);
  return reply.code(204).send();
};

export const runSchedule: Handler = async (ports, request, reply) => {
  const { schedule } = request.params as { schedule: string };
  const { tenantId, keyId } = callerOf(request);
  const handle = await ports.schedules.run(tenantId, schedule, keyId, languageOf(request));
  return reply.header("x-run-url", ports.runUrl(request, handle.runId)).send(presentAcknowledgement(handle.current()));
};

async function viewOf({ workflows, schedules }: HttpPorts, tenantId: string, row: ScheduleRow): Promise<ScheduleView> {
  const workflow = await workflows.get(tenantId, row.workflowId);
  return {
    id: row.id,
    ...(row.name !== "" && { name: row.name }),
    workflowId: row.workflowId,
    ...(workflow && { workflowName: workflow.name }),
    version: row.version ?? "live",
    cron: row.cron,
    timeZone: row.timeZone,
    catchUp: row.catchUp,
    input: row.input,
    ...(row.userId !== null && { userId: row.userId }),
    enabled: row.enabled,
    dueTimes: [...schedules.dueTimes(row)],
    ...(row.lastDueAt !== null && { lastDueAt: row.lastDueAt }),
    ...(row.lastRunId !== null && { lastRunId: row.lastRunId }),
    ...(row.lastError !== null && { lastError: row.lastError }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
