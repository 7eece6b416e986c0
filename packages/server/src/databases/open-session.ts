import type { DatabaseConnection, SessionPorts } from "#databases/ports";
import type { Session } from "#databases/session";
import { openSqlite } from "#databases/sqlite/session";

/** Drivers are loaded with the first connection of their kind: a start without databases pays for none of them. */
export async function openSession(connection: DatabaseConnection, ports: SessionPorts, signal: AbortSignal): Promise<Session> {
  switch (connection.provider) {
    case "postgres":
      return (await import("#databases/postgres/session")).openPostgres(connection, ports, signal);
    case "mysql":
      return (await import("#databases/mysql/session")).openMysql(connection, ports, signal);
    default:
      return openSqlite(connection, ports, signal);
  }
}
