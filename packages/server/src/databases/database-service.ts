import { databaseProvider, type TestConnectionAnswer } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { DatabaseQuery, DatabaseRows, Databases } from "@millrace/nodes";
import type { Clock } from "#clock";
import { denied, HOW_TO_WRITE, tooLong } from "#databases/failure";
import { DEFAULT_CONNECTIONS, IDLE_MS } from "#databases/limits";
import { openSession } from "#databases/open-session";
import { SessionPool } from "#databases/pool";
import type { DatabaseConnection, DatabaseConnections, SessionPorts } from "#databases/ports";

export interface DatabaseServicePorts extends SessionPorts {
  readonly connections: DatabaseConnections;
  readonly clock: Pick<Clock, "now">;
}

/** For a person who waits. */
const TEST_TIMEOUT_MS = 10_000;

interface Kept {
  readonly revision: string;
  readonly pool: SessionPool;
}

/** Databases of tenants, and the sessions with them that are open. */
export class DatabaseService {
  readonly #ports: DatabaseServicePorts;
  /** By tenant and connection. */
  readonly #pools = new Map<string, Kept>();

  constructor(ports: DatabaseServicePorts) {
    this.#ports = ports;
  }

  /** As the nodes of one tenant see them. */
  of({ tenantId }: { readonly tenantId: string }): Databases {
    return { query: (query) => this.#query(tenantId, query) };
  }

  /** Asks for the number one. What goes wrong is told in the answer. */
  async test(tenantId: string, name: string): Promise<TestConnectionAnswer> {
    const began = this.#ports.clock.now();
    const took = () => Math.max(0, this.#ports.clock.now() - began);
    const asks = { texts: ["SELECT 1"], values: [], write: null, maxRows: 1, maxBytes: 1_000, timeoutMs: TEST_TIMEOUT_MS };
    try {
      await this.#query(tenantId, { ...asks, connection: name, signal: new AbortController().signal });
      return { ok: true, durationMs: took() };
    } catch (thrown) {
      if (!(thrown instanceof TerminalError || thrown instanceof RetryableError)) throw thrown;
      return { ok: false, error: { type: thrown.type, message: thrown.message }, durationMs: took() };
    }
  }

  close(): void {
    for (const { pool } of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  async #query(tenantId: string, { connection: name, write, signal, timeoutMs, ...rest }: DatabaseQuery): Promise<DatabaseRows> {
    const connection = await this.#ports.connections.open(tenantId, name);
    if (!connection)
      throw new TerminalError(
        "missing_reference",
        `There is no connection ${name} on this server. Set it: millrace connections set ${name}`,
      );
    if (!databaseProvider(connection.provider))
      throw new TerminalError(
        "missing_reference",
        `The connection ${name} is of the provider ${connection.provider}, which is no database.`,
      );
    const { writable = false } = connection.settings;
    if (write === true && !writable) throw denied(`The database ${name} may not be changed: ${HOW_TO_WRITE}`);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(tooLong(timeoutMs)), timeoutMs);
    // The capability's signal is the part of an AbortSignal that the pure rooms know; the host passes real ones.
    const stop = AbortSignal.any([limit.signal, signal as AbortSignal]);
    try {
      const statement = { ...rest, timeoutMs, signal: stop, readOnly: !writable || write === false };
      return await this.#poolOf(tenantId, name, connection).use(stop, (session) => session.run(statement));
    } catch (thrown) {
      throw redacted(thrown, connection);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Of the connection as it is now: what was opened before it changed is closed. */
  #poolOf(tenantId: string, name: string, connection: DatabaseConnection): SessionPool {
    const key = JSON.stringify([tenantId, name]);
    const kept = this.#pools.get(key);
    if (kept?.revision === connection.revision) return kept.pool;
    kept?.pool.close();
    const pool = new SessionPool({
      most: connection.settings.maxConnections ?? DEFAULT_CONNECTIONS,
      idleMs: IDLE_MS,
      open: (signal) => openSession(connection, this.#ports, signal),
    });
    this.#pools.set(key, { revision: connection.revision, pool });
    for (const [other, { pool: unused }] of this.#pools) if (unused !== pool && unused.isEmpty) this.#pools.delete(other);
    return pool;
  }
}

function redacted(thrown: unknown, { redact }: DatabaseConnection): unknown {
  if (thrown instanceof TerminalError) return new TerminalError(thrown.type, redact(thrown.message));
  if (thrown instanceof RetryableError) return new RetryableError(thrown.type, redact(thrown.message));
  return thrown;
}
