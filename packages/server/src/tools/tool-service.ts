import { compileAnswer, type JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import { isSuccess, statusError, type Tool, type ToolAnswer, type ToolLimits, type Tools, type ToolUse } from "@millrace/nodes";
import { toolOf } from "#tools/collections";
import { DEFAULT_TIMEOUT_MS, MAX_ANSWER_BYTES, MAX_TIMEOUT_MS } from "#tools/limits";
import { answerOf } from "#tools/openapi/answer";
import type { Operation } from "#tools/openapi/operation";
import { requestOf } from "#tools/openapi/request";
import type { ToolConnection, ToolPorts } from "#tools/ports";

const MCP_STDIO = "mcp-stdio";

/** Is the connection to an MCP server? */
function isMcp({ provider }: Pick<ToolConnection, "provider">): boolean {
  return provider === "mcp" || provider === MCP_STDIO;
}

/** A collection that has been found. */
interface Collection {
  tools(limits: ToolLimits): Promise<readonly Tool[]>;
  call(operation: string, use: ToolUse): Promise<ToolAnswer>;
}

/** Tools of tenants: operations of imported documents, and what MCP servers offer. */
export class ToolService {
  readonly #ports: ToolPorts;

  constructor(ports: ToolPorts) {
    this.#ports = ports;
  }

  /** As the nodes of one tenant see them. */
  of({ tenantId }: { readonly tenantId: string }): Tools {
    return {
      list: (names, limits) => this.#list(tenantId, names, limits),
      call: async (use) => {
        const { collection, operation } = partsOf(use.tool);
        return (await this.#find(tenantId, collection)).call(operation, use);
      },
    };
  }

  /** Is it the name of a connection to an MCP server? */
  async isMcp(tenantId: string, name: string): Promise<boolean> {
    const connection = await this.#ports.connections.open(tenantId, name);
    return connection !== null && isMcp(connection);
  }

  async #list(tenantId: string, names: readonly string[], limits: ToolLimits): Promise<readonly Tool[]> {
    const offered = new Map<string, readonly Tool[]>();
    const listed = new Map<string, Tool>();
    for (const name of names) {
      const { collection, operation } = partsOf(name);
      const tools = offered.get(collection) ?? (await (await this.#find(tenantId, collection)).tools(limits));
      offered.set(collection, tools);
      const wanted = operation === "*" ? tools : tools.filter((tool) => tool.name === name);
      if (wanted.length === 0 && operation !== "*") throw noTool(name);
      for (const tool of wanted) listed.set(tool.name, tool);
    }
    return [...listed.values()];
  }

  async #find(tenantId: string, name: string): Promise<Collection> {
    const found = await this.#ports.store.get(tenantId, name);
    if (found) {
      const operations = found.operations as unknown as readonly Operation[];
      return this.#imported(tenantId, name, String(found.facts["connection"]), operations);
    }
    const connection = await this.#ports.connections.open(tenantId, name);
    if (connection && isMcp(connection)) return this.#mcp(name, connection);
    throw new TerminalError(
      "missing_reference",
      `There are no tools ${name} on this server. Import them: millrace tools import ${name} FILE`,
    );
  }

  async #mcp(name: string, connection: ToolConnection): Promise<Collection> {
    // With the first of its kind: the SDK takes half a second to load.
    const { McpServer } = await import("#tools/mcp/mcp-server");
    const server = new McpServer(name, connection, connection.provider === MCP_STDIO ? this.#commandOf(connection) : null);
    return {
      tools: (limits) => server.tools(limits),
      call: async (operation, use) => {
        const answer = await server.call(operation, use.input, (schema) => checkInput(schema, use.input), use);
        if (!answer) throw noTool(use.tool);
        return answer;
      },
    };
  }

  #commandOf({ baseUrl }: ToolConnection): readonly string[] {
    const name = baseUrl.replace(/^mcp-stdio:/, "");
    const { commands } = this.#ports;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return command;
    throw new TerminalError(
      "missing_reference",
      `This server starts no MCP server ${name}: its operator names the commands in MILLRACE_MCP_COMMANDS.`,
    );
  }

  #imported(tenantId: string, name: string, connection: string, operations: readonly Operation[]): Collection {
    return {
      tools: async () => operations.map((operation) => toolOf(name, operation)),
      call: async (wanted, use) => {
        const operation = operations.find((one) => one.name === wanted);
        if (!operation) throw noTool(use.tool);
        checkInput(operation.input, use.input);
        return this.#send(tenantId, connection, operation, use);
      },
    };
  }

  async #send(
    tenantId: string,
    name: string,
    operation: Operation,
    { input, idempotencyKey, signal, timeoutMs }: ToolUse,
  ): Promise<ToolAnswer> {
    const connection = await this.#ports.connections.open(tenantId, name);
    if (!connection)
      throw new TerminalError(
        "missing_reference",
        `There is no connection ${name} on this server. Set it: millrace connections set ${name}`,
      );
    const request = requestOf(operation, connection.baseUrl, input, idempotencyKey);
    const answer = await connection.wire.request({
      ...request,
      signal,
      timeoutMs: Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS),
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (!isSuccess(answer.status)) throw statusError(request.method, request.url, answer);
    return answerOf(answer);
  }
}

function partsOf(name: string): { readonly collection: string; readonly operation: string } {
  const slash = name.indexOf("/");
  return slash < 0 ? { collection: name, operation: "*" } : { collection: name.slice(0, slash), operation: name.slice(slash + 1) };
}

/** TerminalError `type_error` that names what does not fit. */
function checkInput(schema: JsonObject, input: JsonObject): void {
  const compiled = compileAnswer(schema);
  const faults = compiled.ok ? compiled.check(input, "input") : [];
  const [first] = faults;
  if (!first) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  throw new TerminalError("type_error", `${first.message}${more}`);
}

function noTool(name: string): TerminalError {
  return new TerminalError(
    "missing_reference",
    `There is no tool ${name} on this server: millrace tools show ${partsOf(name).collection} lists what there is.`,
  );
}
