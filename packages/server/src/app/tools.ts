import type { House } from "#app/house";
import { RateCard } from "#credits/rate-card";
import { ModelCatalogue } from "#models/model-catalogue";
import { ModelService } from "#models/model-service";
import { ModelTests } from "#models/model-tests";
import { ServerFileParser } from "#parsing/file-parser";
import { ModelConnections } from "#secrets/model-connections";

/** What attempts of runs use, and what else the server does with it. */
export interface Tools {
  readonly models: ModelService;
  readonly files: ServerFileParser;
}

export function composeTools({ settings: { defaultModel }, store, sealer, egress, clock, log }: House) {
  const rateCard = new RateCard({ prices: store.prices, clock });
  const ports = { connections: new ModelConnections({ vault: store.vault, sealer, egress, clock }), rateCard, defaultModel, clock };
  const models = new ModelService({ ...ports, log });
  const modelDesk = { rateCard, modelCatalogue: new ModelCatalogue(ports), modelTests: new ModelTests({ ...ports, models }) };
  return { models, modelDesk, files: new ServerFileParser() };
}
