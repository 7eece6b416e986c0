import type { ModelProviderPreset, ModelSettings } from "@millrace/contract";
import type { ProviderWire } from "#models/providers/wire";

/** What tenants have connected. */
export interface ModelConnections {
  /** null: there is no such connection. Notes its use. TerminalError `missing_reference` where its credential cannot be opened. */
  open(tenantId: string, name: string): Promise<ModelConnection | null>;
  /** Of model providers, by name. */
  list(tenantId: string): Promise<readonly ListedConnection[]>;
}

export interface ListedConnection {
  readonly name: string;
  /** As the connection names it. */
  readonly provider: string;
  readonly preset: ModelProviderPreset;
  readonly settings: ModelSettings;
}

export interface ModelConnection extends Omit<ListedConnection, "preset"> {
  /** undefined: the connection is to a service that has no models. */
  readonly preset: ModelProviderPreset | undefined;
  readonly baseUrl: string;
  readonly wire: ProviderWire;
}
