import type { WorkflowSummary } from "@millrace/contract";
import type { Action } from "#cli/command";
import { listRows } from "#cli/pages";
import { ago } from "#cli/table";

export const run: Action = async (context, given) => {
  const page = await listRows<WorkflowSummary>(context, given, "/api/v1/workflows", { tag: given.text("tag") });
  const now = Date.now();
  const rows = page.data.map(({ name, id, liveVersion = "-", revision, apiEnabled, tags = [], updatedAt }) => {
    return { name, id, live: liveVersion, revision, api: apiEnabled ? "on" : "off", updated: ago(updatedAt, now), tags: tags.join(", ") };
  });
  await context.output.data(page, { rows, names: page.data.map(({ id }) => id) });
};
