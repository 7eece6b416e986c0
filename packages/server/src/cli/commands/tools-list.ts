import type { ToolCollectionList } from "@millrace/contract";
import { call } from "#cli/client";
import { collectionRow } from "#cli/collection-row";
import type { Action } from "#cli/command";

export const run: Action = async (context) => {
  const { json } = await call(context, "GET", "/api/v1/tools");
  const { data } = json as ToolCollectionList;
  const now = Date.now();
  await context.output.data({ data }, { rows: data.map((one) => collectionRow(one, now)), names: data.map(({ name }) => name) });
};
