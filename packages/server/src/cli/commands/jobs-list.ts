import type { BulkJobView } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { jobRow } from "#cli/run-job";

export const run: Action = async (context, given) => {
  const page = await listRows<BulkJobView>(context, given, "/api/v1/bulk-jobs");
  await context.output.data(page, { rows: page.data.map(jobRow), names: page.data.map(({ id }) => id) });
};
