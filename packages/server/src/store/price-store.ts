import type { JsonObject } from "@millrace/contract";

/** What tenants say that models cost, beside the rate card that ships. */
export interface PriceStore {
  /** By their models. */
  list(tenantId: string): Promise<readonly PriceRow[]>;
  /** Makes it, or replaces it. */
  put(tenantId: string, models: string, price: JsonObject, at: number): Promise<PriceRow>;
  /** False when there is no such price. */
  delete(tenantId: string, models: string): Promise<boolean>;
}

export interface PriceRow {
  /** The name of a model, or a pattern of names. */
  readonly models: string;
  readonly price: JsonObject;
  readonly updatedAt: number;
}
