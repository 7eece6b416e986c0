import type { ScheduleView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { scheduleRow } from "#cli/print-schedule";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.text("workflow");
  const list = () => listRows<ScheduleView>(context, given, "/api/v1/schedules", { workflow });
  const page = await (workflow === undefined ? list() : namingWorkflow(context, workflow, list));
  await context.output.data(page, { rows: page.data.map(scheduleRow), names: page.data.map(({ id }) => id) });
};
