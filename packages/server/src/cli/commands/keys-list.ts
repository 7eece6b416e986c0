import type { KeyView } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { ago } from "#cli/table";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/keys");
  const page = json as { data: readonly KeyView[] };
  const now = Date.now();
  const rows = page.data.map(({ id, name, hint, workflows, scopes, role, expiresAt, lastUsedAt, replacedBy }) => ({
    id,
    key: hint,
    name,
    workflows: workflows.map((workflow) => workflow.name).join(", ") || "all",
    scopes: scopes.join(", "),
    role,
    expires: expiresAt === undefined ? "never" : new Date(expiresAt).toISOString().slice(0, 10),
    lastUsed: lastUsedAt === undefined ? "never" : ago(lastUsedAt, now),
    replacedBy,
  }));
  await context.output.data(page, { rows, names: page.data.map(({ id }) => id) });
};
