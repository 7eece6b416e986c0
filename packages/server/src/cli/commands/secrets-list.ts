import type { SecretList } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { ago } from "#cli/table";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/secrets");
  const page = json as SecretList;
  const now = Date.now();
  const rows = page.data.map(({ name, updatedAt, lastUsedAt, workflows }) => ({
    name,
    updated: ago(updatedAt, now),
    lastUsed: lastUsedAt === undefined ? "never" : ago(lastUsedAt, now),
    workflows: workflows.map((workflow) => workflow.name).join(", "),
  }));
  await context.output.data(page, { rows, names: page.data.map(({ name }) => name) });
};
