import type { DatabaseSync } from "node:sqlite";
import type { JsonObject } from "@millrace/contract";
import type { PriceRow } from "#store/price-store";
import { PRICE_COLUMNS, priceChecksum } from "#store/sqlite/price-row";
import { insertTenant } from "#store/sqlite/writer/tenant";

export function priceVerbs(database: DatabaseSync) {
  const put = database.prepare(`INSERT OR REPLACE INTO prices (${PRICE_COLUMNS}) VALUES (?, ?, ?, ?, ?)`);
  const remove = database.prepare("DELETE FROM prices WHERE tenant_id = ? AND models = ?");
  const tenant = insertTenant(database);
  return {
    putPrice(tenantId: string, models: string, price: JsonObject, at: number): PriceRow {
      tenant(tenantId, at);
      const json = JSON.stringify(price);
      put.run(tenantId, models, json, at, priceChecksum(tenantId, models, json, at));
      return { models, price, updatedAt: at };
    },

    deletePrice(tenantId: string, models: string): boolean {
      return remove.run(tenantId, models).changes === 1;
    },
  };
}
