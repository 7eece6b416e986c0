import type { Json, JsonObject } from "@millrace/contract";
import type { CancelSignal } from "#kit/capabilities";

/**
 * The tools of the tenant: operations of imported OpenAPI documents, and what MCP servers offer. A tool is named `collection/operation`;
 * a collection is an imported document, or a connection to an MCP server.
 *
 * Both throw `TerminalError` missing_reference (no such collection, tool or connection), and what a way out throws: http_network,
 * http_timeout, egress_denied, tool_error (an MCP server that cannot be talked to).
 */
export interface Tools {
  /** What the names stand for, in their order, each tool once. `collection/*` and `collection` are all tools of a collection. */
  list(names: readonly string[], limits: ToolLimits): Promise<readonly Tool[]>;
  /**
   * Throws besides: `TerminalError` type_error (the input does not fit the tool's schema; nothing was sent), tool_error (the tool says that
   * it failed), `http_<status>` of a failing status, which is a `RetryableError` where it may pass.
   */
  call(call: ToolUse): Promise<ToolAnswer>;
}

export interface ToolLimits {
  readonly signal: CancelSignal;
  /** null: the server's own limit. */
  readonly timeoutMs: number | null;
}

export interface Tool {
  /** `collection/operation` */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object, without references. */
  readonly input: JsonObject;
}

export interface ToolUse extends ToolLimits {
  /** `collection/operation` */
  readonly tool: string;
  readonly input: JsonObject;
  /** The same on every attempt of the step. */
  readonly idempotencyKey: string;
}

export interface ToolAnswer {
  /** Parsed where the answer is JSON; a text; null: nothing came. */
  readonly result: Json;
  /** The same as a text, for a model to read. */
  readonly text: string;
}
