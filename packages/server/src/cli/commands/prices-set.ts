import type { PriceView, PutPriceBody } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { priceRow } from "#cli/price-row";

/** Flag -> what it prices. */
const OPTIONAL = { cached: "cached", reasoning: "reasoning", "input-audio": "inputAudio", "output-audio": "outputAudio" } as const;

export const run: Action = async (context, given) => {
  const [model, input, output] = [given.argument(0), given.argument(1), given.argument(2)];
  const more = Object.entries(OPTIONAL).flatMap(([flag, unit]) => {
    const credits = given.text(flag);
    return credits === undefined ? [] : [[unit, credits]];
  });
  const body: PutPriceBody = { price: { input, output, ...Object.fromEntries(more) } };
  const { json } = await call(context, "PUT", `/api/v1/prices/${segment(model)}`, { body });
  const price = json as PriceView;
  await context.output.data(price, { rows: [priceRow(price)], names: [price.models] });
};
