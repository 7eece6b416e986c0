import type { ScheduleView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";

export async function printSchedule(context: CliContext, schedule: ScheduleView): Promise<void> {
  await context.output.data(schedule, { rows: [scheduleRow(schedule)], names: [schedule.id] });
}

export function scheduleRow({ id, name, workflowName, workflowId, version, cron, timeZone, enabled, dueTimes, lastError }: ScheduleView) {
  const [next] = dueTimes;
  return {
    schedule: id,
    name,
    workflow: `${workflowName ?? workflowId}@${version}`,
    cron,
    zone: timeZone,
    next: enabled && next !== undefined ? new Date(next).toISOString().replace(":00.000Z", "Z") : "paused",
    error: lastError,
  };
}

/** Pauses or resumes one. */
export function switching(enabled: boolean): Action {
  return async (context, given) => {
    const { json } = await call(context, "PATCH", `/api/v1/schedules/${segment(given.argument(0))}`, { body: { enabled } });
    await printSchedule(context, json as ScheduleView);
  };
}
