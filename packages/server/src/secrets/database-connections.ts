import type { DatabaseSettings } from "@millrace/contract";
import type { Clock } from "#clock";
import { type OpenedConnection, openConnection, readConnection } from "#secrets/connections";
import { LastUses } from "#secrets/last-uses";
import { redactorOf } from "#secrets/redactor";
import type { Sealer } from "#secrets/sealer";
import { unsealed } from "#secrets/unsealed";
import type { VaultStore } from "#store/vault-store";

export interface DatabaseConnectionPorts {
  readonly vault: VaultStore;
  readonly sealer: Pick<Sealer, "open">;
  readonly clock: Pick<Clock, "now">;
}

/** The connections to databases, with their passwords: a driver sends them itself. Opened for one statement. */
export class DatabaseConnections {
  readonly #ports: DatabaseConnectionPorts;
  readonly #uses: LastUses;

  constructor(ports: DatabaseConnectionPorts) {
    this.#ports = ports;
    this.#uses = new LastUses(ports.vault, ports.clock);
  }

  /** null: there is none of this name. TerminalError `missing_reference` where its credential cannot be opened. */
  async open(tenantId: string, name: string) {
    const { vault, sealer } = this.#ports;
    const row = await vault.get(tenantId, "connection", name);
    if (!row) return null;
    const { values }: OpenedConnection = unsealed("connection", name, () => openConnection(row, sealer, tenantId));
    this.#uses.note(tenantId, "connection", name);
    const { provider, baseUrl, credential, settings } = readConnection(row);
    const redactor = values.length > 0 ? redactorOf(values) : null;
    return {
      provider,
      url: baseUrl,
      username: credential && "username" in credential ? credential.username : null,
      password: values[0] ?? null,
      settings: settings as DatabaseSettings,
      // The sealed text is another one each time that it is sealed.
      revision: JSON.stringify([row.updatedAt, row.sealed, row.facts]),
      redact: (text: string) => redactor?.text(text) ?? text,
    };
  }
}
