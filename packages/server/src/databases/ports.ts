import type { Socket } from "node:net";
import type { DatabaseSettings } from "@millrace/contract";
import type { RawTarget } from "#egress/egress";

export interface DatabaseConnections {
  /** null: there is no such connection. Notes its use. TerminalError `missing_reference` where its credential cannot be opened. */
  open(tenantId: string, name: string): Promise<DatabaseConnection | null>;
}

export interface DatabaseConnection {
  readonly provider: string;
  /** As it is stored: `sqlite:file`, `postgres://host:port/database`, `mysql://…`. */
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly settings: DatabaseSettings;
  /** Another one after each change. */
  readonly revision: string;
  /** Takes the password out of a text. */
  redact(text: string): string;
}

/** What sessions are opened with. */
export interface SessionPorts {
  /** To an address that the operator allows. */
  connect(target: RawTarget): Promise<Socket>;
  /** Where SQLite files may lie; null: nowhere. */
  readonly sqliteDir: string | null;
}
