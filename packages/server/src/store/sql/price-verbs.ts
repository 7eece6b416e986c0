import type { JsonObject } from "@millrace/contract";
import type { PriceRow } from "#store/price-store";
import { PRICE_COLUMNS, priceChecksum } from "#store/sql/price-row";
import { run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";

const PUT = upsert("prices", PRICE_COLUMNS, "tenant_id, models");

export const priceVerbs = {
  *putPrice(tenantId: string, models: string, price: JsonObject, at: number): Steps<PriceRow> {
    yield* insertTenant(tenantId, at);
    const json = JSON.stringify(price);
    yield* run(PUT, tenantId, models, json, at, priceChecksum(tenantId, models, json, at));
    return { models, price, updatedAt: at };
  },

  *deletePrice(tenantId: string, models: string): Steps<boolean> {
    return (yield* run("DELETE FROM prices WHERE tenant_id = ? AND models = ?", tenantId, models)) === 1;
  },
};
