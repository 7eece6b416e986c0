import { LIMITS, type Price } from "@millrace/contract";
import type { Clock } from "#clock";
import { fits, saysOf } from "#credits/pattern";
import type { ShippedPrice } from "#credits/price";
import { invalidMember, RequestError } from "#request-error";
import type { PriceRow, PriceStore } from "#store/price-store";

export interface RateCardPorts {
  readonly prices: PriceStore;
  readonly clock: Pick<Clock, "now">;
}

/** A model of a connection. */
export interface PricedModel {
  readonly connection: string;
  /** As the provider names it. */
  readonly model: string;
  /** Whose rate card holds; null: nobody's that ships. */
  readonly vendor: string | null;
}

/** What models cost: as a tenant has set it, else as it ships. */
export class RateCard {
  readonly #ports: RateCardPorts;

  constructor(ports: RateCardPorts) {
    this.#ports = ports;
  }

  /** What has been set here, by the names of the models. */
  own(tenantId: string): Promise<readonly PriceRow[]> {
    return this.#ports.prices.list(tenantId);
  }

  /** What ships for a vendor. */
  async shipped(vendor: string): Promise<readonly ShippedPrice[]> {
    return (await shippedPrices()).get(vendor) ?? [];
  }

  /** RequestError `invalid_request` for a name that can be no model's, `conflict` beyond the most that are kept. */
  async put(tenantId: string, models: string, price: Price): Promise<PriceRow> {
    checkPattern(models);
    const rows = await this.own(tenantId);
    const limit = LIMITS.prices.value;
    if (rows.length >= limit && !rows.some((row) => row.models === models))
      throw new RequestError("conflict", { key: "conflict.prices", params: { limit: String(limit) } });
    return this.#ports.prices.put(tenantId, models, price, this.#ports.clock.now());
  }

  /** RequestError `not_found`. */
  async delete(tenantId: string, models: string): Promise<void> {
    if (!(await this.#ports.prices.delete(tenantId, models)))
      throw new RequestError("not_found", { key: "not_found.price", params: { name: models } });
  }

  /** As it is now: what a request costs is decided by the price at its end. */
  async open(tenantId: string): Promise<OpenRateCard> {
    return new OpenRateCard(await this.own(tenantId), await shippedPrices());
  }
}

export class OpenRateCard {
  readonly #own: readonly PriceRow[];
  readonly #shipped: ReadonlyMap<string, readonly ShippedPrice[]>;

  constructor(own: readonly PriceRow[], shipped: ReadonlyMap<string, readonly ShippedPrice[]>) {
    this.#own = own.toSorted((a, b) => saysOf(b.models) - saysOf(a.models));
    this.#shipped = shipped;
  }

  /** The price of a request of so many input tokens; null: nobody has said what the model costs. */
  find({ connection, model, vendor }: PricedModel, inputTokens = 0): Price | null {
    const own = this.#own.find(({ models }) => fits(models, `${connection}/${model}`));
    if (own) return own.price as Price;
    const shipped = vendor === null ? [] : (this.#shipped.get(vendor) ?? []);
    const found = shipped
      .flatMap((row) => row.models.filter((pattern) => fits(pattern, model)).map((pattern) => ({ row, says: saysOf(pattern) })))
      .reduce<{ readonly row: ShippedPrice; readonly says: number } | null>(
        (best, one) => (best && best.says >= one.says ? best : one),
        null,
      );
    if (!found) return null;
    return found.row.above?.findLast((tier) => inputTokens > tier.inputTokens)?.price ?? found.row.price;
  }
}

let shipped: Promise<ReadonlyMap<string, readonly ShippedPrice[]>> | null = null;

/** Read when the first model is asked: a server without models needs no thousand prices. */
function shippedPrices(): Promise<ReadonlyMap<string, readonly ShippedPrice[]>> {
  shipped ??= import("#credits/shipped-prices.gen").then(({ SHIPPED_PRICES }) => Map.groupBy(SHIPPED_PRICES, ({ vendor }) => vendor));
  return shipped;
}

/** A name stands in the path, which the schema of a body does not see. */
function checkPattern(models: string): void {
  if (models.length <= LIMITS.modelCharacters.value && /^[^\s/]+\/\S+$/.test(models)) return;
  const most = LIMITS.modelCharacters.value;
  throw invalidMember("/models", `models: expected connection/model, with * for any characters, at most ${most} characters`);
}
