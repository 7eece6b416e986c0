import type { PriceList } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { priceRow } from "#cli/price-row";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "GET", "/api/v1/prices", { query: { vendor: given.text("vendor") } });
  const { data } = json as PriceList;
  await context.output.data({ data }, { rows: data.map(priceRow), names: data.map(({ models }) => models) });
};
