import { hasScope, isJsonObject, type Json, type JsonObject, LIMITS, MCP_VERSIONS, McpMessage } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { INVALID_PARAMS, METHOD_NOT_FOUND, objectOf, RpcError, type RpcId, rpcError, rpcResult } from "#called/mcp/rpc";
import { GET_RUN_TOOL, presentTool } from "#called/mcp/tool";
import { assertFits } from "#http/check-request";
import type { Handler } from "#http/handler";
import { callTool } from "#http/mcp-call";
import { refuseForeignOrigin } from "#http/own-origin";
import type { HttpPorts } from "#http/ports";
import { callerOf, header } from "#http/request";
import { RequestError } from "#request-error";

/** POST /mcp: one message of the Model Context Protocol. There are no sessions: every request says all that it needs. */
export const mcp: Handler = async (ports, request, reply) => {
  refuseForeignOrigin(ports, request);
  assertVersion(header(request, "mcp-protocol-version"));
  if (isAnswer(request.body)) return reply.code(202).send();
  assertFits(McpMessage, request.body);
  const { id, method, params } = request.body as McpMessage;
  if (id === undefined) return reply.code(202).send();
  try {
    return await answer(ports, request, reply, { id, method, params: objectOf(params as Json | undefined) ?? {} });
  } catch (error) {
    if (error instanceof RpcError) return reply.send(JSON.stringify(rpcError(id, error)));
    throw error;
  }
};

/** Of what was never asked: nothing is done with it. */
function isAnswer(body: unknown): boolean {
  return isJsonObject(body) && body["method"] === undefined && (body["result"] !== undefined || body["error"] !== undefined);
}

function assertVersion(version: string | null): void {
  if (version === null || MCP_VERSIONS.some((known) => known === version)) return;
  throw new RequestError("invalid_request", { message: `MCP-Protocol-Version must be one of ${MCP_VERSIONS.join(", ")}.` });
}

interface Call {
  readonly id: RpcId;
  readonly method: string;
  readonly params: JsonObject;
}

async function answer(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply, { id, method, params }: Call): Promise<FastifyReply> {
  const send = (result: JsonObject) => reply.send(JSON.stringify(rpcResult(id, result)));
  switch (method) {
    case "initialize":
      return send(initialize(ports, params));
    case "ping":
      return send({});
    case "tools/list":
      return send(await listTools(ports, request, params["cursor"]));
    case "tools/call":
      return callTool(ports, request, reply, { id, params });
    default:
      throw new RpcError(METHOD_NOT_FOUND, `There is no method ${method}.`);
  }
}

function initialize({ settings }: HttpPorts, { protocolVersion }: JsonObject): JsonObject {
  return {
    protocolVersion: MCP_VERSIONS.find((known) => known === protocolVersion) ?? MCP_VERSIONS[0],
    capabilities: { tools: {} },
    serverInfo: { name: "millrace", title: "Millrace", version: settings.version },
    instructions:
      "Every tool runs a workflow. A run goes on whether or not somebody waits for it; results and errors name its id under _meta.",
  };
}

const CURSOR = /^[0-9a-f]{24}$/;

async function listTools({ callables }: HttpPorts, request: FastifyRequest, cursor: Json | undefined): Promise<JsonObject> {
  const caller = callerOf(request);
  const after = cursor === undefined || cursor === null ? undefined : String(cursor);
  if (after !== undefined && !CURSOR.test(after)) throw new RpcError(INVALID_PARAMS, "cursor is none that this server gave.");
  const page = await callables.page(caller, LIMITS.calledWorkflows.value, after);
  // Once, on the first page.
  const own = after === undefined && hasScope(caller.scopes, "query") ? [GET_RUN_TOOL] : [];
  return { tools: [...page.callables.map(presentTool), ...own], ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) };
}
