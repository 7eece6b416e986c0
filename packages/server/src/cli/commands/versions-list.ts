import type { VersionSummary } from "@millrace/contract";
import type { Action } from "#cli/command";
import { ago } from "#cli/table";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const { json } = await callWorkflow(context, "GET", given.argument(0), "/versions");
  const page = json as { data: readonly VersionSummary[] };
  const now = Date.now();
  const rows = page.data.map(({ version, live, note, createdAt }) => ({
    version,
    live: live ? "live" : "",
    created: ago(createdAt, now),
    note,
  }));
  await context.output.data(page, { rows, names: page.data.map(({ version }) => version) });
};
