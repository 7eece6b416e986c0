import type { VersionSummary } from "@millrace/contract";
import { segment } from "#cli/client";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { ago } from "#cli/table";
import { runFacts } from "#cli/version-facts";
import { namingWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const workflow = given.argument(0);
  const path = `/api/v1/workflows/${segment(workflow)}/versions`;
  const page = await namingWorkflow(context, workflow, () => listRows<VersionSummary>(context, given, path, { stats: "true" }));
  const now = Date.now();
  const rows = page.data.map((row) => ({
    version: row.version,
    live: row.live ? "live" : "",
    ...runFacts(row),
    created: ago(row.createdAt, now),
    by: row.createdBy?.name,
    note: row.note,
  }));
  await context.output.data(page, { rows, names: page.data.map(({ version }) => version) });
};
