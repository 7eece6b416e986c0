import type { ToolsView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

/** Longer than the server waits for an MCP server. */
const TIMEOUT_MS = 30_000;

export const run: Action = async (context, given) => {
  const { json } = await call(context, "GET", `/api/v1/tools/${segment(given.argument(0))}`, { timeoutMs: TIMEOUT_MS });
  const view = json as ToolsView;
  const rows = view.tools.map(({ name, description, input }) => ({
    name,
    input: Object.keys((input as { properties?: object }).properties ?? {}).join(", "),
    description: description.split("\n")[0] ?? "",
  }));
  await context.output.data(view, { rows, names: view.tools.map(({ name }) => name) });
};
