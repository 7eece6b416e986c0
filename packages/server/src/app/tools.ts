import type { House } from "#app/house";
import { parseMcpCommands } from "#config/mcp-commands";
import { RateCard } from "#credits/rate-card";
import { DatabaseService } from "#databases/database-service";
import { ModelCatalogue } from "#models/model-catalogue";
import { ModelService } from "#models/model-service";
import { ModelTests } from "#models/model-tests";
import { ServerFileParser } from "#parsing/file-parser";
import { DatabaseConnections } from "#secrets/database-connections";
import { ModelConnections } from "#secrets/model-connections";
import { UsedConnections } from "#secrets/used-connections";
import { ToolCollections } from "#tools/collections";
import { ToolService } from "#tools/tool-service";

/** What attempts of runs use, and what else the server does with it. */
export interface Tools {
  readonly models: ModelService;
  readonly files: ServerFileParser;
  readonly databases: DatabaseService;
  readonly services: ToolService;
}

export function composeTools(house: House) {
  const { models, modelDesk } = composeModels(house);
  const { services, toolCollections } = composeServices(house);
  const databases = composeDatabases(house);
  return { models, services, databases, files: new ServerFileParser(), desk: { ...modelDesk, toolCollections, databases } };
}

function composeModels({ settings: { defaultModel }, store, sealer, egress, clock, log }: House) {
  const rateCard = new RateCard({ prices: store.prices, clock });
  const ports = { connections: new ModelConnections({ vault: store.vault, sealer, egress, clock }), rateCard, defaultModel, clock };
  const models = new ModelService({ ...ports, log });
  const modelDesk = { rateCard, modelCatalogue: new ModelCatalogue(ports), modelTests: new ModelTests({ ...ports, models }) };
  return { models, modelDesk };
}

function composeDatabases({ settings: { sqliteDir }, store: { vault }, sealer, egress, clock }: House): DatabaseService {
  const connections = new DatabaseConnections({ vault, sealer, clock });
  return new DatabaseService({ connections, connect: (target) => egress.connect(target), sqliteDir, clock });
}

function composeServices({ settings: { mcpCommands }, store: { tools: store, vault }, sealer, egress, clock }: House) {
  const connections = new UsedConnections({ vault, sealer, egress, clock });
  const services = new ToolService({ store, connections, commands: parseMcpCommands(mcpCommands) ?? {} });
  const toolsOf = (tenantId: string) => services.of({ tenantId });
  return {
    services,
    toolCollections: new ToolCollections({ store, clock, toolsOf, isMcp: (tenantId, name) => services.isMcp(tenantId, name) }),
  };
}
