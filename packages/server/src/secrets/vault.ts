import type { JsonObject } from "@millrace/contract";
import { type Directive, TerminalError } from "@millrace/engine";
import type { EgressRequest, EgressResponse } from "@millrace/nodes";
import type { Clock } from "#clock";
import type { EgressGuard, GuardedRequest } from "#egress/egress";
import type { OpenVault, Vault, Wanted } from "#runtime/vault";
import { cleanAnswer } from "#secrets/clean-answer";
import { type OpenedConnection, openConnection } from "#secrets/connections";
import { LastUses } from "#secrets/last-uses";
import { type Redactor, redactorOf } from "#secrets/redactor";
import type { Sealer } from "#secrets/sealer";
import { ownerOf } from "#secrets/secrets";
import { unsealed } from "#secrets/unsealed";
import type { VaultKind, VaultStore } from "#store/vault-store";

export interface SealedVaultPorts {
  readonly vault: VaultStore;
  readonly sealer: Sealer;
  readonly egress: Pick<EgressGuard, "request">;
  readonly clock: Pick<Clock, "now">;
}

/** What an attempt needs is read and opened when it begins: nothing is kept, so a change holds from the next attempt on. */
export class SealedVault implements Vault {
  readonly #ports: SealedVaultPorts;
  readonly #uses: LastUses;

  constructor(ports: SealedVaultPorts) {
    this.#ports = ports;
    this.#uses = new LastUses(ports.vault, ports.clock);
  }

  async open(tenantId: string, { workflow, node }: Wanted): Promise<OpenVault> {
    const [secrets, connections] = await Promise.all([
      this.#openAll(tenantId, workflow.secrets, node.secrets, "secret", (name) => this.#secret(tenantId, name)),
      this.#openAll(tenantId, workflow.connections, node.connections, "connection", (name) => this.#connection(tenantId, name)),
    ]);
    const values = [...secrets.values(), ...[...connections.values()].flatMap((connection) => connection.values)];
    const redactor = values.length > 0 ? redactorOf(values) : null;
    return {
      secrets: Object.fromEntries(node.secrets.map((name) => [name, secrets.get(name) ?? null])),
      egress: { request: (request) => this.#request(request, connections, redactor) },
      guard: (attempt) => (redactor ? guarded(redactor, attempt) : attempt()),
      clean: (value) => redactor?.json(value) ?? value,
      pieces: () => redactor?.stream() ?? null,
    };
  }

  /** Of what the workflow names, whatever is there; of what the node needs, all. */
  async #openAll<T>(
    tenantId: string,
    named: readonly string[],
    needed: readonly string[],
    kind: VaultKind,
    open: (name: string) => Promise<T | null>,
  ): Promise<ReadonlyMap<string, T>> {
    const opened = new Map<string, T>();
    for (const name of named) {
      const isNeeded = needed.includes(name);
      const one = await open(name).catch((error: unknown) => {
        if (isNeeded) throw error;
        return null;
      });
      if (one !== null) opened.set(name, one);
      else if (isNeeded) throw missing(kind, name);
      if (isNeeded) this.#uses.note(tenantId, kind, name);
    }
    return opened;
  }

  async #secret(tenantId: string, name: string): Promise<string | null> {
    const row = await this.#ports.vault.get(tenantId, "secret", name);
    if (!row || row.sealed === null) return null;
    const { sealed } = row;
    return unsealed("secret", name, () => this.#ports.sealer.open(sealed, ownerOf(tenantId, "secret", name)));
  }

  async #connection(tenantId: string, name: string): Promise<OpenedConnection | null> {
    const row = await this.#ports.vault.get(tenantId, "connection", name);
    return row && unsealed("connection", name, () => openConnection(row, this.#ports.sealer, tenantId));
  }

  async #request(
    { connection, ...request }: EgressRequest & Pick<GuardedRequest, "watch">,
    connections: ReadonlyMap<string, OpenedConnection>,
    redactor: Redactor | null,
  ): Promise<EgressResponse> {
    const through = connection === undefined ? undefined : connections.get(connection);
    const answer = await this.#ports.egress.request({
      ...request,
      ...(through && { url: within(through.baseUrl, request.url) }),
      ...(through?.credential && { credential: through.credential }),
      ...(redactor && { shows: (text: string) => redactor.shows(text) }),
    });
    return redactor ? cleanAnswer(redactor, answer) : answer;
  }
}

/** The URL itself, or what the base URL and a path make together. */
function within(baseUrl: string, url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return url;
  return url === "" || url.startsWith("?") ? baseUrl + url : `${baseUrl}/${url.replace(/^\//, "")}`;
}

async function guarded(redactor: Redactor, attempt: () => Promise<Directive>): Promise<Directive> {
  try {
    return cleanDirective(redactor, await attempt());
  } catch (thrown) {
    throw redactor.error(thrown);
  }
}

/** The members of a directive that hold what the node made; the others are the engine's words. */
const MADE = ["output", "assign", "logs", "items", "variables"] as const;

function cleanDirective(redactor: Redactor, directive: Directive): Directive {
  const members = directive as unknown as JsonObject;
  const made = MADE.filter((member) => members[member] !== undefined);
  return { ...directive, ...Object.fromEntries(made.map((member) => [member, redactor.json(members[member] ?? null)])) };
}

function missing(kind: VaultKind, name: string): TerminalError {
  return new TerminalError("missing_reference", `There is no ${kind} ${name} on this server. Set it: millrace ${kind}s set ${name}`);
}
