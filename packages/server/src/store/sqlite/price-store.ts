import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JsonObject } from "@millrace/contract";
import type { PriceRow, PriceStore } from "#store/price-store";
import { reading } from "#store/sqlite/failure";
import { PRICE_COLUMNS, readPriceRow } from "#store/sqlite/price-row";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqlitePrices implements PriceStore {
  readonly #writer: Writer;
  readonly #all: StatementSync;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#all = reader.prepare(`SELECT ${PRICE_COLUMNS} FROM prices WHERE tenant_id = ? ORDER BY models`);
  }

  async list(tenantId: string): Promise<readonly PriceRow[]> {
    return reading(() => this.#all.all(tenantId).map(readPriceRow));
  }

  put(tenantId: string, models: string, price: JsonObject, at: number): Promise<PriceRow> {
    return this.#writer.write("putPrice", [tenantId, models, price, at]);
  }

  delete(tenantId: string, models: string): Promise<boolean> {
    return this.#writer.write("deletePrice", [tenantId, models]);
  }
}
