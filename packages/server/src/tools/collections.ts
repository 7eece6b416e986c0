import {
  type ImportedTools,
  type JsonObject,
  LIMITS,
  type TestConnectionAnswer,
  type ToolCollectionView,
  type ToolsView,
} from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { Tool, Tools } from "@millrace/nodes";
import type { Clock } from "#clock";
import { invalidMember, RequestError } from "#request-error";
import type { ToolCollectionRow, ToolStore } from "#store/tool-store";
import { importDocument } from "#tools/openapi/import-document";
import type { Operation } from "#tools/openapi/operation";
import { Unusable } from "#tools/openapi/unusable";

export interface ToolCollectionPorts {
  readonly store: ToolStore;
  readonly clock: Pick<Clock, "now">;
  /** Tools of the tenant, MCP servers included. */
  toolsOf(tenantId: string): Pick<Tools, "list">;
  /** Is it the name of a connection to an MCP server? */
  isMcp(tenantId: string, name: string): Promise<boolean>;
}

/** For a person who waits. */
const TIMEOUT_MS = 15_000;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/;

/** What people do with the documents that they import as tools. */
export class ToolCollections {
  readonly #ports: ToolCollectionPorts;

  constructor(ports: ToolCollectionPorts) {
    this.#ports = ports;
  }

  async list(tenantId: string): Promise<readonly ToolCollectionView[]> {
    return (await this.#ports.store.list(tenantId)).map(viewOf);
  }

  /** RequestError `not_found`; `conflict` where an MCP server cannot be asked. */
  async get(tenantId: string, name: string): Promise<ToolsView> {
    const found = await this.#ports.store.get(tenantId, name);
    if (!found) return this.#ask(tenantId, name);
    const tools = (found.operations as unknown as readonly Operation[]).map((operation) => ({
      ...viewOfTool(toolOf(name, operation)),
      method: operation.method,
      path: operation.path,
    }));
    return { ...viewOf(found), tools };
  }

  /** Asks an MCP server for its tools. What goes wrong is told in the answer. */
  async test(tenantId: string, name: string): Promise<TestConnectionAnswer> {
    const began = this.#ports.clock.now();
    const took = () => Math.max(0, this.#ports.clock.now() - began);
    try {
      const tools = await this.#offered(tenantId, name);
      return { ok: true, text: `${tools.length} tools`, durationMs: took() };
    } catch (thrown) {
      return { ok: false, error: told(thrown), durationMs: took() };
    }
  }

  /** RequestError `invalid_request` with the reason, `conflict` beyond the most that are kept. */
  async put(tenantId: string, name: string, connection: string, document: string): Promise<ImportedTools> {
    if (!NAME.test(name)) throw invalidMember("/collection", "collection: a name has at most 100 letters, digits, _ and -, and no - first");
    const { store, clock } = this.#ports;
    const { operations, skipped, ...said } = imported(document);
    const rows = await store.list(tenantId);
    const limit = LIMITS.toolCollections.value;
    if (rows.length >= limit && !rows.some((row) => row.name === name))
      throw new RequestError("conflict", { key: "conflict.tools", params: { limit: String(limit) } });
    const facts = { connection, ...said, count: operations.length };
    const kept = { facts, operations: operations as unknown as readonly JsonObject[] };
    return { ...viewOf(await store.put(tenantId, name, kept, clock.now())), skipped: [...skipped] };
  }

  /** RequestError `not_found`. */
  async delete(tenantId: string, name: string): Promise<void> {
    if (!(await this.#ports.store.delete(tenantId, name))) throw missing(name);
  }

  async #ask(tenantId: string, name: string): Promise<ToolsView> {
    if (!(await this.#ports.isMcp(tenantId, name))) throw missing(name);
    try {
      const tools = await this.#offered(tenantId, name);
      return { name, kind: "mcp", connection: name, title: name, version: "", count: tools.length, tools: tools.map(viewOfTool) };
    } catch (thrown) {
      throw new RequestError("conflict", { message: `The MCP server ${name} cannot be asked: ${told(thrown).message}` });
    }
  }

  #offered(tenantId: string, name: string): Promise<readonly Tool[]> {
    return this.#ports.toolsOf(tenantId).list([name], { signal: new AbortController().signal, timeoutMs: TIMEOUT_MS });
  }
}

function told(thrown: unknown): { type: string; message: string } {
  if (thrown instanceof TerminalError || thrown instanceof RetryableError) return { type: thrown.type, message: thrown.message };
  throw thrown;
}

function imported(text: string) {
  try {
    return importDocument(text);
  } catch (error) {
    if (error instanceof Unusable)
      throw invalidMember("/document", `document: this is no OpenAPI document that can be used: ${error.message}`);
    throw error;
  }
}

export function toolOf(collection: string, { name, description, input }: Operation): Tool {
  return { name: `${collection}/${name}`, description, input };
}

function viewOf({ name, facts, createdAt, updatedAt }: ToolCollectionRow): ToolCollectionView {
  return {
    name,
    kind: "openapi",
    ...(facts as unknown as Pick<ToolCollectionView, "connection" | "title" | "version" | "count">),
    createdAt,
    updatedAt,
  };
}

function viewOfTool({ name, description, input }: Tool) {
  return { name, description, input };
}

function missing(name: string): RequestError {
  return new RequestError("not_found", { key: "not_found.tools", params: { name } });
}
