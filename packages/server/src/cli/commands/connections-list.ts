import type { ConnectionList } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { connectionRow } from "#cli/connection-row";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/connections");
  const page = json as ConnectionList;
  const now = Date.now();
  await context.output.data(page, { rows: page.data.map((one) => connectionRow(one, now)), names: page.data.map(({ name }) => name) });
};
