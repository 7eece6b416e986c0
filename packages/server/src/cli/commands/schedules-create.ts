import type { ScheduleView } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { wholeInput } from "#cli/invoke-input";
import { printSchedule } from "#cli/print-schedule";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.argument(0);
  const cron = given.text("cron");
  if (cron === undefined) throw usageError("schedules create: --cron is missing", "--cron '30 6 * * MON-FRI'");
  const input = await wholeInput(context, given);
  const body = {
    workflow,
    cron,
    timeZone: given.text("time-zone"),
    catchUp: given.text("catch-up"),
    version: given.text("version"),
    userId: given.text("user"),
    name: given.text("name"),
    input,
  };
  const { json } = await namingWorkflow(context, workflow, () => call(context, "POST", "/api/v1/schedules", { body }));
  await printSchedule(context, json as ScheduleView);
};
