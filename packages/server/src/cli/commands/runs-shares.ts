import type { RunShareList } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { ago } from "#cli/table";

export const run: Action = async (context, given) => {
  const list = (await call(context, "GET", `/api/v1/runs/${segment(given.argument(0))}/shares`)).json as RunShareList;
  const now = Date.now();
  const rows = list.data.map(({ id, hint, createdAt, createdBy, expiresAt }) => ({
    id,
    link: hint,
    created: ago(createdAt, now),
    by: createdBy,
    until: `${new Date(expiresAt).toISOString().slice(0, 16).replace("T", " ")}Z`,
  }));
  await context.output.data(list, { rows, names: list.data.map(({ id }) => id) });
  if (!list.enabled) context.output.note("Links to runs are turned off on this server (MILLRACE_RUN_LINKS).");
};
