import type { AlertList } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { alertRow } from "#cli/print-alert";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/alerts");
  const list = json as AlertList;
  await context.output.data(list, { rows: list.data.map(alertRow), names: list.data.map(({ id }) => id) });
};
