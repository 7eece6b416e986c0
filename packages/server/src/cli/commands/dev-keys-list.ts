import type { DevKeyView } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { ago } from "#cli/table";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/dev-keys");
  const page = json as { readonly data: readonly DevKeyView[] };
  const now = Date.now();
  const rows = page.data.map(({ devKey, name, orgId, createdAt, expiresAt }) => ({
    key: devKey,
    name,
    organisation: orgId,
    created: ago(createdAt, now),
    expires: expiresAt === undefined ? "never" : new Date(expiresAt).toISOString().slice(0, 10),
  }));
  await context.output.data(page, { rows, names: page.data.map(({ devKey }) => devKey) });
};
