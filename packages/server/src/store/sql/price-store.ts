import type { JsonObject } from "@millrace/contract";
import type { PriceRow, PriceStore } from "#store/price-store";
import type { SqlDatabase } from "#store/sql/database";
import { PRICE_COLUMNS, readPriceRow } from "#store/sql/price-row";
import { all } from "#store/sql/steps";

export class SqlPrices implements PriceStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async list(tenantId: string): Promise<readonly PriceRow[]> {
    const rows = await this.#database.read(all(`SELECT ${PRICE_COLUMNS} FROM prices WHERE tenant_id = ? ORDER BY models`, tenantId));
    return rows.map(readPriceRow);
  }

  put(tenantId: string, models: string, price: JsonObject, at: number): Promise<PriceRow> {
    return this.#database.write("putPrice", [tenantId, models, price, at]);
  }

  delete(tenantId: string, models: string): Promise<boolean> {
    return this.#database.write("deletePrice", [tenantId, models]);
  }
}
