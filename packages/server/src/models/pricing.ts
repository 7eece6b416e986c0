import type { Usage } from "@millrace/engine";
import { costOf } from "#credits/cost";
import type { RateCard } from "#credits/rate-card";
import type { Logger } from "#log";
import type { Counts } from "#models/provider";
import type { Target } from "#models/targets";

/** Models without a price that were told of; beyond it all are told of again. */
const MAX_TOLD = 10_000;

/** Makes rows of usage of what providers count. */
export class Pricing {
  readonly #rateCard: Pick<RateCard, "open">;
  readonly #log: Pick<Logger, "warn">;
  readonly #told = new Set<string>();

  constructor(rateCard: Pick<RateCard, "open">, log: Pick<Logger, "warn">) {
    this.#rateCard = rateCard;
    this.#log = log;
  }

  /** What a request has cost. Of a model without a price nothing, and the log says so once. */
  async usageOf(tenantId: string, target: Target, kind: Usage["kind"], counts: Counts): Promise<Usage> {
    const row = { kind, model: target.name, ...counts };
    if (target.isBuiltIn) return { ...row, credits: "0" };
    const card = await this.#rateCard.open(tenantId);
    const price = card.find(target, counts.inputTokens);
    if (price) return { ...row, credits: costOf(row, price), price: { ...price } };
    this.#tell(tenantId, target.name);
    return { ...row, credits: "0" };
  }

  #tell(tenantId: string, model: string): void {
    const key = JSON.stringify([tenantId, model]);
    if (this.#told.has(key)) return;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.add(key);
    this.#log.warn({ model }, "the model has no price, so its requests cost 0 credits: set one with millrace prices set");
  }
}
