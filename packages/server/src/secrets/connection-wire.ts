import type { EgressResponse } from "@millrace/nodes";
import type { EgressGuard, GuardedRequest, OpenRequest, OpenResponse } from "#egress/egress";
import { cleanAnswer } from "#secrets/clean-answer";
import { type Connection, type OpenedConnection, openConnection, readConnection } from "#secrets/connections";
import { type Redactor, redactorOf } from "#secrets/redactor";
import type { Sealer } from "#secrets/sealer";
import { unsealed } from "#secrets/unsealed";
import type { VaultStore } from "#store/vault-store";

/** A way to the hosts of one connection: its credential is added to each request, and is taken out of what is redacted. */
export interface ConnectionWire {
  open(request: Omit<OpenRequest, "credential" | "shows">): Promise<OpenResponse>;
  /** The answer is clean of the credential. */
  request(request: Omit<GuardedRequest, "credential" | "shows">): Promise<EgressResponse>;
  /** null: the connection has no credential. */
  readonly redaction: Redactor | null;
}

export interface WiredConnection {
  readonly connection: Connection;
  readonly wire: ConnectionWire;
}

/** The ways out that a wire leads to. */
type Ways = Pick<EgressGuard, "open" | "request">;

export interface ConnectionWirePorts {
  readonly vault: Pick<VaultStore, "get">;
  readonly sealer: Pick<Sealer, "open">;
  readonly egress: Ways;
}

/** Opens the connections of tenants for what the server itself sends through them. */
export class ConnectionWires {
  readonly #vault: Pick<VaultStore, "get">;
  readonly #sealer: Pick<Sealer, "open">;
  readonly #egress: Ways;

  constructor(ports: ConnectionWirePorts) {
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

export function connectionWire(egress: Ways, { credential, values }: OpenedConnection): ConnectionWire {
  const redaction = values.length > 0 ? redactorOf(values) : null;
  const added = { ...(credential && { credential }), ...(redaction && { shows: (text: string) => redaction.shows(text) }) };
  return {
    open: (request) => egress.open({ ...request, ...added }),
    request: async (request) => {
      const answer = await egress.request({ ...request, ...added });
      return redaction ? cleanAnswer(redaction, answer) : answer;
    },
    redaction,
  };
}
