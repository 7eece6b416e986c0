import type { PriceView, PutPriceBody } from "@millrace/contract";
import type { ShippedPrice } from "#credits/price";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";

export const listPrices: Handler = async ({ rateCard }, request, reply) => {
  const { vendor } = request.query as { readonly vendor?: string };
  const rows =
    vendor === undefined ? await rateCard.own(callerOf(request).tenantId) : (await rateCard.shipped(vendor)).flatMap(shippedViews);
  return reply.send(JSON.stringify({ data: rows }));
};

export const putPrice: Handler = async ({ rateCard }, request, reply) => {
  const { models } = request.params as { models: string };
  const { price } = request.body as PutPriceBody;
  return reply.send(JSON.stringify(await rateCard.put(callerOf(request).tenantId, models, price)));
};

export const deletePrice: Handler = async ({ rateCard }, request, reply) => {
  const { models } = request.params as { models: string };
  await rateCard.delete(callerOf(request).tenantId, models);
  return reply.code(204).send();
};

function shippedViews({ vendor, models, price, above }: ShippedPrice): readonly PriceView[] {
  return models.map((one) => ({ models: one, price, ...(above && { above: [...above] }), vendor }));
}
