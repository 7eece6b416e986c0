import type { BulkJobView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { printJob } from "#cli/run-job";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "POST", `/api/v1/bulk-jobs/${segment(given.argument(0))}/stop`);
  await printJob(context, json as BulkJobView);
};
