import type { Socket } from "node:net";
import { DATABASE_PROVIDERS } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import { passing, tooLarge } from "#databases/failure";
import { MAX_WIRE_BYTES, WATCH_MS } from "#databases/limits";
import type { DatabaseConnection, SessionPorts } from "#databases/ports";

export interface Address {
  /** A name, or an address; of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export function addressOf({ url, provider }: DatabaseConnection): Address {
  const { hostname, port, pathname } = new URL(url);
  const preset = provider === "mysql" ? DATABASE_PROVIDERS.mysql : DATABASE_PROVIDERS.postgres;
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? preset.port : Number(port),
    database: decodeURIComponent(pathname.replace(/^\//, "")),
  };
}

/** A socket to the database. What egress says of it is an error of the database's, but for a refusal. */
export async function dial(connection: DatabaseConnection, { connect }: SessionPorts, signal: AbortSignal): Promise<Socket> {
  const { hostname } = new URL(connection.url);
  try {
    return await connect({ host: hostname, port: addressOf(connection).port, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RetryableError) throw passing(`No connection to the database could be made: ${error.message}`);
    if (error instanceof TerminalError) throw error;
    throw passing("No connection to the database could be made.");
  }
}

/** Ends a connection over which too much comes for one statement. Returns how to stop looking, which answers whether it did. */
export function watchWire(socket: Socket): () => boolean {
  const before = socket.bytesRead;
  let isOver = false;
  const timer = setInterval(() => {
    isOver = socket.bytesRead - before > MAX_WIRE_BYTES;
    if (isOver) socket.destroy(tooLarge(MAX_WIRE_BYTES));
  }, WATCH_MS);
  return () => {
    clearInterval(timer);
    return isOver;
  };
}
