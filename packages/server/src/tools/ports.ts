import type { Json, JsonObject } from "@millrace/contract";
import type { EgressResponse } from "@millrace/nodes";
import type { GuardedRequest, OpenRequest, OpenResponse } from "#egress/egress";
import type { ToolStore } from "#store/tool-store";

/** What tools are reached by. */
export interface ToolPorts {
  readonly store: Pick<ToolStore, "get">;
  readonly connections: ToolConnections;
  /** What may be started as an MCP server: name -> program and arguments. */
  readonly commands: { readonly [name: string]: readonly string[] };
}

export interface ToolConnections {
  /** null: there is no such connection. Notes its use. TerminalError `missing_reference` where its credential cannot be opened. */
  open(tenantId: string, name: string): Promise<ToolConnection | null>;
}

export interface ToolConnection {
  readonly provider: string;
  readonly baseUrl: string;
  readonly settings: JsonObject;
  readonly wire: ToolWire;
}

/** Sends HTTP for one connection, whose credential is added on the way. */
export interface ToolWire {
  /** The answer is clean of the credential. */
  request(request: Omit<GuardedRequest, "connection" | "credential" | "shows">): Promise<EgressResponse>;
  open(request: Omit<OpenRequest, "credential" | "shows">): Promise<OpenResponse>;
  /** Takes the credential out of what comes back; null: there is none. */
  readonly redaction: { text(text: string): string; json(value: Json): Json } | null;
}
