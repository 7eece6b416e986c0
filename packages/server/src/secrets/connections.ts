import type { JsonObject, PutConnectionBody } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { EgressGuard } from "#egress/egress";
import { RequestError } from "#request-error";
import { boundTo, type SentCredential, sentCredential, shownCredential } from "#secrets/credential";
import { checkDatabaseConnection } from "#secrets/database-connection";
import { baseUrlOf, checkModelConnection } from "#secrets/model-connection";
import { redactorOf } from "#secrets/redactor";
import { checkName, checkValue, invalid, ownerOf, type Used, type VaultPorts } from "#secrets/secrets";
import { readAddress } from "#secrets/service-address";
import { usageOf } from "#secrets/usage";
import type { VaultRow } from "#store/vault-store";

export interface ConnectionPorts extends VaultPorts {
  readonly egress: Pick<EgressGuard, "request" | "checkUrl">;
}

/** A named service that workflows use without knowing its credential. */
export interface Connection {
  readonly name: string;
  readonly provider: string;
  readonly baseUrl: string;
  /** `host` or `host:port`: where the credential may go. */
  readonly hosts: readonly string[];
  /** Without its value; null: none. */
  readonly credential: ReturnType<typeof shownCredential> | null;
  readonly settings: JsonObject;
}

/** What came of asking the base URL. */
export interface Tested {
  readonly status: number | null;
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly durationMs: number;
}

const NAME = { pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, words: "letters, digits, _ and -, a letter or _ first" };

/** For a person who waits. */
const TEST_TIMEOUT_MS = 10_000;

/** The named connections of tenants; a credential never comes back. */
export class Connections {
  readonly #ports: ConnectionPorts;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
  }

  async list(tenantId: string): Promise<readonly Used<VaultRow>[]> {
    const { vault, workflows } = this.#ports;
    const [rows, usage] = await Promise.all([vault.list(tenantId, "connection"), usageOf(workflows, tenantId, "connection")]);
    return rows.map((row) => ({ ...row, workflows: usage.get(row.name) ?? [] }));
  }

  /** RequestError `not_found`. */
  async get(tenantId: string, name: string): Promise<Used<VaultRow>> {
    const row = await this.#ports.vault.get(tenantId, "connection", name);
    if (!row) throw missing(name);
    return this.#used(tenantId, row);
  }

  /** RequestError `invalid_request`. What the body does not say of the credential stays, where it may still go only where it went. */
  async put(tenantId: string, name: string, body: PutConnectionBody): Promise<Used<VaultRow>> {
    checkName(name, NAME, "connection");
    const { vault, sealer, clock, egress } = this.#ports;
    const { provider = "http", settings = {} } = body;
    const { url: base, hosts: own } = readAddress(provider, body.baseUrl ?? baseUrlOf(provider), egress);
    const hosts = body.hosts ?? own;
    const before = await vault.get(tenantId, "connection", name);
    const kept = body.credential === undefined && before ? keptCredential(before, base, hosts) : null;
    if (body.credential) checkValue(body.credential.value, "credential/value");
    const given = body.credential ? sentCredential(body.credential, provider) : null;
    const credential = given ? shownCredential(given) : (kept?.shown ?? null);
    checkDatabaseConnection({ provider, credential: given, hosts: body.hosts, settings });
    checkModelConnection(name, { provider, base, hasCredential: credential !== null, settings });
    const owner = ownerOf(tenantId, "connection", name);
    const sealed = given ? sealer.seal(JSON.stringify(given), owner) : (kept?.sealed ?? null);
    const facts = { provider, baseUrl: base.href.replace(/\/$/, ""), hosts, credential, settings: settings as JsonObject };
    return this.#used(tenantId, await vault.put(tenantId, "connection", name, { facts, sealed }, clock.now()));
  }

  /** RequestError `not_found`. */
  async delete(tenantId: string, name: string): Promise<void> {
    if (!(await this.#ports.vault.delete(tenantId, "connection", name))) throw missing(name);
  }

  /** Asks the base URL as a node would. RequestError `not_found`. */
  async test(tenantId: string, name: string): Promise<Tested> {
    const { egress, clock, vault, sealer } = this.#ports;
    const row = await vault.get(tenantId, "connection", name);
    if (!row) throw missing(name);
    const opened = openConnection(row, sealer, tenantId);
    const began = clock.now();
    const took = () => Math.max(0, clock.now() - began);
    const request = { method: "GET", url: opened.baseUrl, timeoutMs: TEST_TIMEOUT_MS, maxBytes: 0, cutsBody: true };
    try {
      const { status } = await egress.request({ ...request, ...(opened.credential && { credential: opened.credential }) });
      return { status, error: null, durationMs: took() };
    } catch (thrown) {
      if (!(thrown instanceof TerminalError || thrown instanceof RetryableError)) throw thrown;
      const message = opened.values.length > 0 ? redactorOf(opened.values).text(thrown.message) : thrown.message;
      return { status: null, error: { type: thrown.type, message }, durationMs: took() };
    }
  }

  async #used(tenantId: string, row: VaultRow): Promise<Used<VaultRow>> {
    const usage = await usageOf(this.#ports.workflows, tenantId, "connection");
    return { ...row, workflows: usage.get(row.name) ?? [] };
  }
}

export function readConnection({ name, facts }: VaultRow): Connection {
  return { name, ...(facts as unknown as Omit<Connection, "name">) };
}

export interface OpenedConnection {
  readonly baseUrl: string;
  readonly credential: ReturnType<typeof boundTo> | null;
  /** What is secret of it. */
  readonly values: readonly string[];
}

/** Throws where the row was sealed by another key or for another owner. */
export function openConnection(
  row: VaultRow,
  sealer: { open(sealed: string, owner: ReturnType<typeof ownerOf>): string },
  tenantId: string,
): OpenedConnection {
  const { baseUrl, hosts } = readConnection(row);
  if (row.sealed === null) return { baseUrl, credential: null, values: [] };
  const credential = JSON.parse(sealer.open(row.sealed, ownerOf(tenantId, "connection", row.name))) as SentCredential;
  return { baseUrl, credential: boundTo(hosts, credential), values: [credential.value] };
}

/** Whoever may change where a connection leads may not thereby send a credential there that they were never shown. */
function keptCredential(before: VaultRow, base: URL, hosts: readonly string[]) {
  const stored = readConnection(before);
  if (!stored.credential) return null;
  const url = new URL(stored.baseUrl);
  // Not their origins: schemes that are no web have none.
  const sameWay = url.protocol === base.protocol && url.host === base.host && hosts.every((host) => stored.hosts.includes(host));
  if (!sameWay) throw invalid("/credential", "credential: needed again, because the base URL or the hosts changed; null removes it");
  return { shown: stored.credential, sealed: before.sealed };
}

function missing(name: string): RequestError {
  return new RequestError("not_found", { key: "not_found.connection", params: { name } });
}
