import type { Json, JsonObject } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { Tool, ToolAnswer, ToolLimits } from "@millrace/nodes";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema, ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { DEFAULT_TIMEOUT_MS, MAX_DESCRIPTION_CHARACTERS, MAX_OPERATIONS, MAX_TIMEOUT_MS } from "#tools/limits";
import { ProcessTransport } from "#tools/mcp/process-transport";
import { WireFetch } from "#tools/mcp/wire-fetch";
import { References } from "#tools/openapi/references";
import { ToolSchemas } from "#tools/openapi/tool-schema";
import { Unusable } from "#tools/openapi/unusable";
import type { ToolConnection } from "#tools/ports";

/** Pages of a list at most. */
const MAX_PAGES = 50;
const MAX_MESSAGE_CHARACTERS = 1_000;

interface Exchange {
  readonly client: Client;
  readonly options: { readonly signal: AbortSignal; readonly timeout: number };
}

interface Way {
  readonly transport: Transport;
  /** What the other side of the SDK's words is. */
  cause(): Error | string | null;
  /** Takes leave. */
  end(): Promise<void>;
}

/** One server. It is greeted for each list and each call anew: nothing of it stays behind, and what changed there counts at once. */
export class McpServer {
  readonly #name: string;
  readonly #connection: ToolConnection;
  readonly #command: readonly string[] | null;

  /** `command`: what is started, where it is no server of the network's. */
  constructor(name: string, connection: ToolConnection, command: readonly string[] | null) {
    this.#name = name;
    this.#connection = connection;
    this.#command = command;
  }

  tools(limits: ToolLimits): Promise<readonly Tool[]> {
    return this.#greeted(limits, (exchange) => this.#list(exchange));
  }

  /** `check`: throws where the input does not fit the schema. */
  call(operation: string, input: JsonObject, check: (schema: JsonObject) => void, limits: ToolLimits): Promise<ToolAnswer | null> {
    return this.#greeted(limits, async (exchange) => {
      const name = `${this.#name}/${operation}`;
      const tool = (await this.#list(exchange)).find((one) => one.name === name);
      if (!tool) return null;
      check(tool.input);
      const { client, options } = exchange;
      const answer = await client.request(
        { method: "tools/call", params: { name: operation, arguments: { ...input } } },
        CallToolResultSchema,
        options,
      );
      const { content, structuredContent, isError } = this.#cleanJson(answer as unknown as JsonObject) as unknown as typeof answer;
      const parts = content as unknown as readonly JsonObject[];
      const text = parts.flatMap((part) => (part["type"] === "text" ? [String(part["text"])] : [])).join("\n");
      if (isError) throw new TerminalError("tool_error", `${name} failed: ${shown(text) || "it does not say why"}`);
      return { result: resultOf(structuredContent as Json | undefined, parts, text), text };
    });
  }

  async #list({ client, options }: Exchange): Promise<readonly Tool[]> {
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES && tools.length < MAX_OPERATIONS; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await client.request({ method: "tools/list", params }, ListToolsResultSchema, options);
      tools.push(
        ...answer.tools.map(({ name, description = "", inputSchema }) => ({
          name: `${this.#name}/${name}`,
          description: description.slice(0, MAX_DESCRIPTION_CHARACTERS),
          input: schemaOf(inputSchema as unknown as JsonObject),
        })),
      );
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    return this.#cleanJson(tools.slice(0, MAX_OPERATIONS) as unknown as Json) as unknown as readonly Tool[];
  }

  async #greeted<T>({ signal, timeoutMs }: ToolLimits, work: (exchange: Exchange) => Promise<T>): Promise<T> {
    const timeout = Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
    const limit = AbortSignal.timeout(timeout);
    // The capability's signal is the part of an AbortSignal that the pure rooms know; the host passes real ones.
    const stop = AbortSignal.any([limit, signal as AbortSignal]);
    const way = this.#way(stop);
    // What its tools answer is not checked here: a validator would compile a program of the server's making.
    const client = new Client({ name: "millrace", version: "1" }, { jsonSchemaValidator: UNCHECKED });
    try {
      const options = { signal: stop, timeout };
      await client.connect(way.transport, options);
      return await work({ client, options });
    } catch (error) {
      if ((signal as AbortSignal).aborted) throw (signal as AbortSignal).reason;
      if (error instanceof TerminalError || error instanceof RetryableError) throw error;
      const cause = way.cause();
      if (cause instanceof Error && !limit.aborted) throw cause;
      const why = limit.aborted ? `it did not answer within ${timeout} ms` : (error as Error).message;
      throw new TerminalError(
        "tool_error",
        `The MCP server ${this.#name} cannot be talked to: ${shown(this.#clean(why + (cause ? `; it said: ${cause}` : "")))}`,
      );
    } finally {
      await way.end();
      await client.close().catch(() => undefined);
    }
  }

  #way(signal: AbortSignal): Way {
    if (this.#command) {
      const transport = new ProcessTransport(this.#command);
      return { transport, cause: () => transport.said || null, end: () => transport.close() };
    }
    const { baseUrl, wire } = this.#connection;
    const fetching = new WireFetch(wire, signal);
    const reconnectionOptions = {
      maxRetries: 0,
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 1_000,
      reconnectionDelayGrowFactor: 1,
    };
    const transport = new StreamableHTTPClientTransport(new URL(baseUrl), { fetch: fetching.fetch, reconnectionOptions });
    const end = async () => {
      if (!signal.aborted) await transport.terminateSession().catch(() => undefined);
    };
    return { transport: transport as Transport, cause: () => fetching.failure, end };
  }

  #cleanJson(value: Json): Json {
    return this.#connection.wire.redaction?.json(value) ?? value;
  }

  #clean(text: string): string {
    return this.#connection.wire.redaction?.text(text) ?? text;
  }
}

type Validator = NonNullable<NonNullable<ConstructorParameters<typeof Client>[1]>["jsonSchemaValidator"]>;

const UNCHECKED = { getValidator: () => (data: unknown) => ({ valid: true, data, errorMessage: undefined }) } as Validator;

/** In the keywords that inputs are checked by; one that cannot be read lets anything through. */
function schemaOf(schema: JsonObject): JsonObject {
  try {
    return { type: "object", ...new ToolSchemas(new References(schema), { left: MAX_OPERATIONS * 10 }).write(schema) };
  } catch (error) {
    if (error instanceof Unusable) return { type: "object" };
    throw error;
  }
}

function resultOf(structured: Json | undefined, content: readonly JsonObject[], text: string): Json {
  if (structured !== undefined) return structured;
  if (content.some(({ type }) => type !== "text")) return [...content];
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function shown(text: string): string {
  return text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)}…` : text;
}
