import type { Socket } from "node:net";
import type { DatabaseRows } from "@millrace/nodes";
import pg, { type Client, type ClientConfig } from "pg";
import { denied, HOW_TO_WRITE, passing, refused, tooLarge, tooLong } from "#databases/failure";
import { BATCH_ROWS, CANCEL_GRACE_MS, CONNECT_TIMEOUT_MS, MAX_WIRE_BYTES } from "#databases/limits";
import { addressOf, dial, watchWire } from "#databases/network";
import type { DatabaseConnection, SessionPorts } from "#databases/ports";
import { cancelRequest } from "#databases/postgres/cancel";
import { RowCursor } from "#databases/postgres/cursor";
import { TYPES } from "#databases/postgres/types";
import { RowCollector } from "#databases/row-collector";
import type { Session, SessionStatement } from "#databases/session";

/** How values come and texts are read, whatever the server is set up to: without this, what is in a text could depend on it. */
const SPELLINGS =
  "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'";

export async function openPostgres(connection: DatabaseConnection, ports: SessionPorts, signal: AbortSignal): Promise<Session> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
  const socket = await dial(connection, ports, limit);
  const client = new pg.Client(configOf(connection, socket));
  const session = new PostgresSession(client, socket, (cancel) => cancelRequest(connection, ports, cancel));
  const abort = () => socket.destroy();
  limit.addEventListener("abort", abort, { once: true });
  try {
    await client.connect();
    return session;
  } catch (error) {
    session.close();
    signal.throwIfAborted();
    throw unconnected(error);
  } finally {
    limit.removeEventListener("abort", abort);
  }
}

/** All of it is said: what is not, the driver takes from the environment and from files of whoever runs the server. */
function configOf(connection: DatabaseConnection, socket: Socket): ClientConfig {
  const { host, port, database } = addressOf(connection);
  const { tls = "verify", ca } = connection.settings;
  const username = connection.username ?? "postgres";
  // The driver would have the socket connect again, to a name that it resolves itself.
  socket.connect = () => {
    process.nextTick(() => socket.emit("connect"));
    return socket;
  };
  return {
    host,
    port,
    user: username,
    password: () => connection.password ?? "",
    database: database || username,
    ssl: tls === "off" ? false : { rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
    sslnegotiation: "postgres",
    stream: () => socket,
    application_name: "millrace",
    options: "",
    client_encoding: "UTF8",
    types: TYPES,
  } as ClientConfig;
}

type Cancel = (key: { readonly processId: number; readonly secretKey: number }) => Promise<void>;

class PostgresSession implements Session {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #cancel: Cancel;
  isUsable = true;

  constructor(client: Client, socket: Socket, cancel: Cancel) {
    this.#client = client;
    this.#socket = socket;
    this.#cancel = cancel;
    // Of a connection that breaks while nobody uses it.
    client.on("error", () => {
      this.isUsable = false;
    });
    client.on("end", () => {
      this.isUsable = false;
    });
  }

  async run(statement: SessionStatement): Promise<DatabaseRows> {
    const { signal, timeoutMs, readOnly } = statement;
    signal.throwIfAborted();
    const wire = watchWire(this.#socket);
    const stop = () => void this.#stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      // The server stops it too: the way back may be gone by then.
      const begin = `BEGIN ${readOnly ? "READ ONLY" : "READ WRITE"}; SET LOCAL statement_timeout = ${timeoutMs}; ${SPELLINGS}`;
      await this.#client.query(begin);
      const rows = await this.#read(statement);
      await this.#client.query(readOnly ? "ROLLBACK" : "COMMIT");
      await this.#client.query("DISCARD ALL");
      return rows;
    } catch (error) {
      const isOver = wire();
      signal.throwIfAborted();
      await this.#recover();
      throw isOver ? tooLarge(MAX_WIRE_BYTES) : failureOf(error, timeoutMs);
    } finally {
      wire();
      signal.removeEventListener("abort", stop);
    }
  }

  close(): void {
    this.isUsable = false;
    this.#client.end().catch(() => undefined);
    this.#socket.destroySoon();
  }

  async #read({ texts, values, maxRows, maxBytes }: SessionStatement): Promise<DatabaseRows> {
    const text = texts.reduce((before, after, index) => `${before}$${index}${after}`);
    const cursor = this.#client.query(new RowCursor(text, values));
    const collector = new RowCollector(maxRows, maxBytes);
    for (let goesOn = true; goesOn; ) {
      const rows = await cursor.read(Math.min(BATCH_ROWS, maxRows + 1));
      goesOn = rows.length > 0 && rows.every((row) => collector.add(cursor.columns, row));
    }
    await cursor.close();
    return collector.answer(cursor.columns, cursor.changed);
  }

  /** What it was about to do it does not do any more; the connection is not used again. */
  async #stop(): Promise<void> {
    this.isUsable = false;
    const { processID, secretKey } = this.#client as unknown as { processID: number | null; secretKey: number };
    const grace = setTimeout(() => this.#socket.destroy(), CANCEL_GRACE_MS);
    if (processID !== null) await this.#cancel({ processId: processID, secretKey }).catch(() => undefined);
    await this.#client.end().catch(() => undefined);
    clearTimeout(grace);
  }

  async #recover(): Promise<void> {
    try {
      await this.#client.query("ROLLBACK");
      await this.#client.query("DISCARD ALL");
    } catch {
      this.isUsable = false;
    }
  }
}

interface PostgresError {
  readonly message: string;
  /** SQLSTATE, five characters. */
  readonly code?: string;
  readonly position?: string;
}

const READ_ONLY = "25006";
const NO_PRIVILEGE = "42501";
const CANCELLED = "57014";
/** They have been rolled back, and may well succeed the next time: serialization, deadlock, shutdown, too many connections. */
const PASSING: ReadonlySet<string> = new Set(["40001", "40P01", "57P01", "57P02", "57P03", "53300"]);

function failureOf(error: unknown, timeoutMs: number): Error {
  const { message, code = "", position } = error as PostgresError;
  if (!/^[0-9A-Z]{5}$/.test(code)) return refused(`the connection broke (${message})`);
  const said = `${message} (SQLSTATE ${code}${position === undefined ? "" : `, at character ${position}`})`;
  if (code === READ_ONLY) return denied(`${said}; ${HOW_TO_WRITE}`);
  if (code === NO_PRIVILEGE) return denied(said);
  if (code === CANCELLED) return tooLong(timeoutMs);
  return PASSING.has(code) ? passing(said) : refused(said);
}

function unconnected(error: unknown): Error {
  const { message, code = "" } = error as PostgresError;
  const said = `No connection to the database could be made: ${message}`;
  // The database knows who asks, and says no: asking again changes nothing.
  return /^(28|3D|42)/.test(code) ? denied(said) : passing(said);
}
