import type { EgressGuard, OpenRequest, OpenResponse } from "#egress/egress";
import { type Connection, type OpenedConnection, openConnection, readConnection } from "#secrets/connections";
import { type Redactor, redactorOf } from "#secrets/redactor";
import type { Sealer } from "#secrets/sealer";
import { unsealed } from "#secrets/unsealed";
import type { VaultStore } from "#store/vault-store";

/** A way to the hosts of one connection: its credential is added to each request, and is taken out of what is redacted. */
export interface ConnectionWire {
  open(request: Omit<OpenRequest, "credential" | "shows">): Promise<OpenResponse>;
  /** null: the connection has no credential. */
  readonly redaction: Redactor | null;
}

export interface WiredConnection {
  readonly connection: Connection;
  readonly wire: ConnectionWire;
}

/** Opens the connections of tenants for what the server itself sends through them. */
export class ConnectionWires {
  readonly #vault: Pick<VaultStore, "get">;
  readonly #sealer: Pick<Sealer, "open">;
  readonly #egress: Pick<EgressGuard, "open">;

  constructor(ports: { vault: Pick<VaultStore, "get">; sealer: Pick<Sealer, "open">; egress: Pick<EgressGuard, "open"> }) {
    this.#vault = ports.vault;
    this.#sealer = ports.sealer;
    this.#egress = ports.egress;
  }

  /** As it is now; null: there is none of this name. @throws TerminalError `missing_reference` where it cannot be opened. */
  async open(tenantId: string, name: string): Promise<WiredConnection | null> {
    const row = await this.#vault.get(tenantId, "connection", name);
    if (!row) return null;
    const opened = unsealed("connection", name, () => openConnection(row, this.#sealer, tenantId));
    return { connection: readConnection(row), wire: connectionWire(this.#egress, opened) };
  }
}

export function connectionWire(egress: Pick<EgressGuard, "open">, { credential, values }: OpenedConnection): ConnectionWire {
  const redaction = values.length > 0 ? redactorOf(values) : null;
  return {
    open: (request) =>
      egress.open({
        ...request,
        ...(credential && { credential }),
        ...(redaction && { shows: (text: string) => redaction.shows(text) }),
      }),
    redaction,
  };
}
