import type { JsonObject } from "@millrace/contract";
import type { Clock } from "#clock";
import { type ConnectionWire, type ConnectionWirePorts, ConnectionWires } from "#secrets/connection-wire";
import { LastUses } from "#secrets/last-uses";
import type { VaultStore } from "#store/vault-store";

export interface UsedConnectionPorts extends ConnectionWirePorts {
  readonly vault: VaultStore;
  readonly clock: Pick<Clock, "now">;
}

export interface UsedConnection {
  readonly provider: string;
  readonly baseUrl: string;
  readonly settings: JsonObject;
  readonly wire: ConnectionWire;
}

/** Connections of any kind, opened for one call and forgotten with it. */
export class UsedConnections {
  readonly #wires: ConnectionWires;
  readonly #uses: LastUses;

  constructor(ports: UsedConnectionPorts) {
    this.#wires = new ConnectionWires(ports);
    this.#uses = new LastUses(ports.vault, ports.clock);
  }

  /** null: there is none of this name. TerminalError `missing_reference` where its credential cannot be opened. */
  async open(tenantId: string, name: string): Promise<UsedConnection | null> {
    const opened = await this.#wires.open(tenantId, name);
    if (!opened) return null;
    this.#uses.note(tenantId, "connection", name);
    const { provider, baseUrl, settings } = opened.connection;
    return { provider, baseUrl, settings, wire: opened.wire };
  }
}
