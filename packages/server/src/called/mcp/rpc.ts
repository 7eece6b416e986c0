import { isJsonObject, type Json, type JsonObject, type McpMessage } from "@millrace/contract";

/** Codes of JSON-RPC 2.0. */
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;

/** The request as a whole is at fault: no tool was called. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "RpcError";
    this.code = code;
  }
}

export type RpcId = NonNullable<McpMessage["id"]>;

export const rpcResult = (id: RpcId, result: JsonObject): JsonObject => ({ jsonrpc: "2.0", id, result });

export const rpcError = (id: RpcId, { code, message }: RpcError): JsonObject => ({ jsonrpc: "2.0", id, error: { code, message } });

/** null: it is no object. */
export const objectOf = (value: Json | undefined): JsonObject | null => (isJsonObject(value) ? value : null);
