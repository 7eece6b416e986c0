import { isIP, type Socket } from "node:net";
import type { Json } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import type { BoundValue, DatabaseRows } from "@millrace/nodes";
import { type Connection, type ConnectionOptions, createConnection, type FieldPacket, type QueryError } from "mysql2";
import { denied, HOW_TO_WRITE, passing, refused, tooLarge } from "#databases/failure";
import { CANCEL_GRACE_MS, CONNECT_TIMEOUT_MS, MAX_WIRE_BYTES } from "#databases/limits";
import { jsonOf } from "#databases/mysql/types";
import { addressOf, dial, watchWire } from "#databases/network";
import type { DatabaseConnection, SessionPorts } from "#databases/ports";
import { RowCollector } from "#databases/row-collector";
import type { Session, SessionStatement } from "#databases/session";

export async function openMysql(connection: DatabaseConnection, ports: SessionPorts, signal: AbortSignal): Promise<Session> {
  const { link, socket } = await connect(connection, ports, signal);
  return new MysqlSession(link, socket, async (thread) => {
    const other = await connect(connection, ports, AbortSignal.timeout(CONNECT_TIMEOUT_MS));
    await done((callback) => other.link.query(`KILL QUERY ${thread}`, callback)).finally(() => other.link.destroy());
  });
}

async function connect(connection: DatabaseConnection, ports: SessionPorts, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
  const socket = await dial(connection, ports, limit);
  const abort = () => socket.destroy();
  limit.addEventListener("abort", abort, { once: true });
  const link = createConnection(optionsOf(connection, socket));
  // Of a connection that breaks: whoever waits for it is told besides.
  link.on("error", () => undefined);
  try {
    await done((callback) => link.connect(callback));
    return { link, socket };
  } catch (error) {
    link.destroy();
    signal.throwIfAborted();
    const { message, errno = 0 } = error as QueryError;
    const said = `No connection to the database could be made: ${message}`;
    throw REFUSING.has(errno) ? denied(said) : passing(said);
  } finally {
    limit.removeEventListener("abort", abort);
  }
}

/** The database knows who asks, and says no: no access to the database or at all, no such database, no such authentication, no encryption. */
const REFUSING: ReadonlySet<number> = new Set([1044, 1045, 1049, 1251, 1698, 3159]);

function optionsOf(connection: DatabaseConnection, socket: Socket): ConnectionOptions {
  const { host, port, database } = addressOf(connection);
  const { tls = "verify", ca } = connection.settings;
  return {
    // The socket stands already, so this is only what the certificate has to name. The driver would check none for an address, which with a
    // dot at its end is taken for a name on the way and for an address again where it is compared.
    host: isIP(host) === 0 ? host : `${host}.`,
    port,
    user: connection.username ?? "",
    password: connection.password ?? "",
    ...(database !== "" && { database }),
    stream: socket,
    ...(tls !== "off" && { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(ca !== undefined && { ca }) } }),
    charset: "utf8mb4",
    multipleStatements: false,
    // Nothing of this machine is read because a server asks for it.
    flags: ["-LOCAL_FILES"],
    supportBigNumbers: true,
    dateStrings: true,
    decimalNumbers: false,
    timezone: "Z",
    // Else it reads rows by programs that it makes of what servers call their columns.
    disableEval: true,
    maxPreparedStatements: 1,
  };
}

class MysqlSession implements Session {
  readonly #link: Connection;
  readonly #socket: Socket;
  readonly #kill: (thread: number) => Promise<void>;
  isUsable = true;

  constructor(link: Connection, socket: Socket, kill: (thread: number) => Promise<void>) {
    this.#link = link;
    this.#socket = socket;
    this.#kill = kill;
    socket.once("close", () => {
      this.isUsable = false;
    });
  }

  async run(statement: SessionStatement): Promise<DatabaseRows> {
    const { signal, readOnly } = statement;
    signal.throwIfAborted();
    const wire = watchWire(this.#socket);
    const stop = () => void this.#stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      await this.#command("SET time_zone = '+00:00'");
      const access = readOnly ? "READ ONLY" : "READ WRITE";
      // Also of the session: a change of the schema ends its transaction first, and would be made outside of it.
      await this.#command(`SET SESSION TRANSACTION ${access}`);
      await this.#command(`START TRANSACTION ${access}`);
      if (readOnly) await this.#assertQuery(statement.texts.join("?"));
      const rows = await this.#read(statement);
      if (rows.truncated) return await this.#cutOff(rows, readOnly);
      await this.#command(readOnly ? "ROLLBACK" : "COMMIT");
      await done((callback) => this.#link.reset(callback));
      return rows;
    } catch (error) {
      const isOver = wire();
      signal.throwIfAborted();
      await this.#recover();
      throw isOver ? tooLarge(MAX_WIRE_BYTES) : failureOf(error as QueryError | TerminalError);
    } finally {
      wire();
      signal.removeEventListener("abort", stop);
    }
  }

  close(): void {
    this.isUsable = false;
    this.#link.destroy();
  }

  /**
   * What can be explained is a query or a change of rows, and the transaction sees to the latter. A block of statements or a call could end
   * the transaction, and go on outside of it. Whether it is one says the database's own grammar; nothing is run.
   */
  async #assertQuery(sql: string): Promise<void> {
    try {
      await this.#prepare(`EXPLAIN ${sql}`);
    } catch (error) {
      if ((error as QueryError).errno !== SYNTAX) throw error;
      await this.#prepare(sql);
      throw denied(`a connection that is read-only takes queries, and this is none; ${HOW_TO_WRITE}`);
    }
  }

  #prepare(sql: string): Promise<void> {
    return done((callback) =>
      this.#link.prepare(sql, (error, statement) => {
        if (!error) statement.close();
        callback(error);
      }),
    );
  }

  /** A prepared statement: its values travel apart from it, and it is one. */
  #read({ texts, values, maxRows, maxBytes }: SessionStatement): Promise<DatabaseRows> {
    return new Promise((resolve, reject) => {
      const collector = new RowCollector(maxRows, maxBytes);
      let fields: readonly FieldPacket[] = [];
      let changed = 0;
      const answer = () =>
        collector.answer(
          fields.map(({ name }) => name),
          changed,
        );
      const query = this.#link.execute({ sql: texts.join("?"), values: values.map(bindable), rowsAsArray: true });
      query.on("error", reject);
      query.on("fields", (told: readonly FieldPacket[] | undefined) => {
        fields = told ?? [];
      });
      query.on("result", (row: unknown) => {
        if (!Array.isArray(row)) {
          changed = Number((row as { readonly affectedRows?: number }).affectedRows ?? 0);
          return;
        }
        const columns = fields.map(({ name }) => name);
        const json = row.map((value, index): Json => jsonOf(value, fields[index]));
        if (!collector.add(columns, json)) resolve(answer());
      });
      query.on("end", () => resolve(answer()));
    });
  }

  /** The rest of the rows can only be declined by hanging up. What a statement changed that answers rows is kept first. */
  async #cutOff(rows: DatabaseRows, readOnly: boolean): Promise<DatabaseRows> {
    if (readOnly) this.close();
    else await this.#command("COMMIT");
    return rows;
  }

  async #command(sql: string): Promise<void> {
    await done((callback) => this.#link.query(sql, callback));
  }

  async #stop(): Promise<void> {
    this.isUsable = false;
    const grace = setTimeout(() => this.#link.destroy(), CANCEL_GRACE_MS);
    await this.#kill(this.#link.threadId).catch(() => undefined);
    clearTimeout(grace);
    this.#link.destroy();
  }

  async #recover(): Promise<void> {
    if (!this.isUsable) return;
    try {
      await this.#command("ROLLBACK");
      await done((callback) => this.#link.reset(callback));
    } catch {
      this.isUsable = false;
    }
  }
}

function done(start: (callback: (error: QueryError | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

/** A whole number is bound as one: as a double it would lose its index, and a text column would get its point. */
function bindable(value: BoundValue): string | number | bigint | boolean | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

const SYNTAX = 1064;
const READ_ONLY = 1792;
/** No privilege: on a database, a table, a column, a procedure, in general. */
const NO_PRIVILEGE: ReadonlySet<number> = new Set([1044, 1142, 1143, 1227, 1370]);
/** Rolled back, and may succeed the next time: deadlock, time-out of a lock, shutdown. */
const PASSING: ReadonlySet<number> = new Set([1205, 1213, 1053]);

function failureOf(error: QueryError | TerminalError): Error {
  if (error instanceof TerminalError) return error;
  const { message, errno = 0, sqlState = "" } = error;
  if (errno === 0) return refused(`the connection broke (${message})`);
  const said = `${message} (MySQL ${errno}${sqlState === "" ? "" : `, SQLSTATE ${sqlState}`})`;
  if (errno === READ_ONLY) return denied(`${said}; ${HOW_TO_WRITE}`);
  if (NO_PRIVILEGE.has(errno)) return denied(said);
  return PASSING.has(errno) ? passing(said) : refused(said);
}
