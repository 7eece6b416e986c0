import type { JsonObject } from "@millrace/contract";
import { StoreCorrupt } from "#store/errors";
import type { PriceRow } from "#store/price-store";
import { rowChecksum } from "#store/row-checksum";
import { number, type Row, text } from "#store/sql/rows";

export const PRICE_COLUMNS = "tenant_id, models, price, updated_at, checksum";

/** Throws StoreCorrupt where the row is not what was written: a flipped bit must not change what a run costs. */
export function readPriceRow(row: Row): PriceRow {
  const price = text(row, "price");
  const stored = { models: text(row, "models"), updatedAt: number(row, "updated_at") };
  if (priceChecksum(text(row, "tenant_id"), stored.models, price, stored.updatedAt) !== row["checksum"])
    throw new StoreCorrupt(`the price of ${stored.models} is not what was written`);
  return { ...stored, price: JSON.parse(price) as JsonObject };
}

/** `price` as the text that is stored. */
export function priceChecksum(tenantId: string, models: string, price: string, updatedAt: number): number {
  return rowChecksum([tenantId, models, price, updatedAt]);
}
