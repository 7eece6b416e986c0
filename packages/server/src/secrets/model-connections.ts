import { type ModelProviderPreset, type ModelSettings, modelProvider } from "@millrace/contract";
import type { Clock } from "#clock";
import type { EgressGuard } from "#egress/egress";
import { type ConnectionWire, ConnectionWires } from "#secrets/connection-wire";
import { type Connection, readConnection } from "#secrets/connections";
import { LastUses } from "#secrets/last-uses";
import type { Sealer } from "#secrets/sealer";
import type { VaultRow, VaultStore } from "#store/vault-store";

export interface ModelConnectionPorts {
  readonly vault: VaultStore;
  readonly sealer: Sealer;
  readonly egress: Pick<EgressGuard, "open" | "request">;
  readonly clock: Pick<Clock, "now">;
}

interface Listed {
  readonly name: string;
  readonly provider: string;
  readonly preset: ModelProviderPreset;
  readonly settings: ModelSettings;
}

interface Opened extends Omit<Listed, "preset"> {
  /** undefined: no model provider's. */
  readonly preset: ModelProviderPreset | undefined;
  readonly baseUrl: string;
  readonly wire: ConnectionWire;
}

/** The connections to model providers, opened for one call and forgotten with it. */
export class ModelConnections {
  readonly #vault: VaultStore;
  readonly #wires: ConnectionWires;
  readonly #uses: LastUses;

  constructor(ports: ModelConnectionPorts) {
    this.#vault = ports.vault;
    this.#wires = new ConnectionWires(ports);
    this.#uses = new LastUses(ports.vault, ports.clock);
  }

  /** null: there is none of this name. TerminalError `missing_reference` where its credential cannot be opened. */
  async open(tenantId: string, name: string): Promise<Opened | null> {
    const opened = await this.#wires.open(tenantId, name);
    if (!opened) return null;
    this.#uses.note(tenantId, "connection", name);
    return { ...factsOf(opened.connection), baseUrl: opened.connection.baseUrl, wire: opened.wire };
  }

  /** Those of model providers, by name. */
  async list(tenantId: string): Promise<readonly Listed[]> {
    return ofModels(await this.#vault.list(tenantId, "connection"));
  }
}

/** Of the connections that list their models: those, by the connection's name. */
export function listedModels(rows: readonly VaultRow[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(ofModels(rows).flatMap(({ name, settings: { models } }) => (models ? [[name, new Set(models)]] : [])));
}

function ofModels(rows: readonly VaultRow[]): readonly Listed[] {
  return rows.map((row) => factsOf(readConnection(row))).flatMap(({ preset, ...facts }) => (preset ? [{ ...facts, preset }] : []));
}

function factsOf({ name, provider, settings }: Connection) {
  return { name, provider, preset: modelProvider(provider), settings: settings as ModelSettings };
}
