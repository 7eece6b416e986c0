import { errorMessage, hasScope, type JsonObject, type Language } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Callable } from "#called/callables";
import { type ProgressToken, progressOf } from "#called/mcp/progress";
import { failure, resultOf } from "#called/mcp/results";
import { INVALID_PARAMS, objectOf, RpcError, type RpcId, rpcResult } from "#called/mcp/rpc";
import { GET_RUN, toolName, workflowOfTool } from "#called/mcp/tool";
import { openEventStream, QUIET_MS, sendEvents } from "#http/event-stream";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import { endOf, endOfEarlier } from "#http/run-end";
import { RequestError } from "#request-error";
import { followRun } from "#runs/follow-run";
import { passingRefusal } from "#runs/passing-refusal";
import { startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import type { RunContents } from "#store/store";

export interface ToolCall {
  readonly id: RpcId;
  readonly params: JsonObject;
}

/** tools/call. What a model may mend, and every failure of a run, is a result that says so; the run goes on whoever waits. */
export async function callTool(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply, call: ToolCall): Promise<FastifyReply> {
  const { id, params } = call;
  const send = (result: JsonObject) => reply.send(JSON.stringify(rpcResult(id, result)));
  const { name } = params;
  const given = objectOf(params["arguments"] ?? {});
  if (!given) throw new RpcError(INVALID_PARAMS, "arguments must be an object.");
  const caller = callerOf(request);
  if (name === GET_RUN && hasScope(caller.scopes, "query")) return send(await readRun(ports, request, given));
  const callable = typeof name === "string" ? await toolOf(ports, request, name) : null;
  if (!callable) throw new RpcError(INVALID_PARAMS, `Unknown tool: ${String(name)}`);
  const token = progressToken(request, params);
  // Where every place is taken, nothing is started.
  const signal = token === null ? null : openEventStream(ports, reply);
  const begun = await begin(ports, request, callable, given);
  if (begun instanceof RequestError) return send(failure(begun.type, refusalText(begun, languageOf(request)), null));
  const { runId } = begun;
  reply.header("x-run-url", ports.runUrl(request, runId));
  if (token !== null && signal) return follow(ports, request, reply, { id, token, runId, signal });
  return send(ended(await endOf(ports, callerOf(request).tenantId, begun), runId, languageOf(request)));
}

async function toolOf({ callables }: HttpPorts, request: FastifyRequest, name: string): Promise<Callable | null> {
  const caller = callerOf(request);
  const row = await callables.row(caller, workflowOfTool(name));
  return row && toolName(row) === name ? callables.of(caller.tenantId, row) : null;
}

/** The run, or why there is none. */
async function begin(ports: HttpPorts, request: FastifyRequest, callable: Callable, input: JsonObject): Promise<RunHandle | RequestError> {
  const language = languageOf(request);
  const traceparent = ports.traceparentOf(request);
  const body = { userId: null, input, isAsync: false, webhook: [] };
  try {
    const run = { caller: callerOf(request), workflow: callable, version: null, body, language };
    return await startRun(ports, traceparent === null ? run : { ...run, traceparent });
  } catch (error) {
    const refusal = error instanceof RequestError ? error : passingRefusal(error);
    if (!refusal) throw error;
    return refusal;
  }
}

function refusalText({ type, details: { message, errors, key, params } }: RequestError, language: Language): string {
  const faults = errors?.flatMap((fault) => fault.message ?? []) ?? [];
  return message ?? (faults.length > 0 ? faults.join("; ") : errorMessage(key ?? type, language, params));
}

/** null: nobody wants to hear of the run while it goes on. */
function progressToken({ headers }: FastifyRequest, params: JsonObject): ProgressToken | null {
  const token = objectOf(params["_meta"])?.["progressToken"];
  const isGiven = typeof token === "string" || typeof token === "number";
  return isGiven && (headers.accept ?? "").includes("text/event-stream") ? token : null;
}

interface Followed {
  readonly id: RpcId;
  readonly token: ProgressToken;
  readonly runId: string;
  readonly signal: AbortSignal;
}

/** Progress as it is made, for as long as the run goes on: what comes in between keeps the connection alive. */
async function follow(
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, token, runId, signal }: Followed,
): Promise<FastifyReply> {
  const { tenantId } = callerOf(request);
  const language = languageOf(request);
  const { runs } = ports.store;
  const run = await runs.get(tenantId, null, runId);
  if (!run) throw new Error(`run ${runId} is gone`);
  const events = followRun(ports, run, { tenantId, from: 0, quietMs: QUIET_MS, signal });
  const answer = async (isOver: boolean) => rpcResult(id, ended(isOver ? await runs.view(tenantId, null, runId) : null, runId, language));
  const about = { requestId: request.id, workflowRunId: runId };
  return sendEvents(reply, progressOf(events, token, answer), (error) =>
    ports.log.error({ err: error, ...about }, "the progress of a run cannot be told"),
  );
}

function ended(end: RunContents | null, runId: string, language: Language): JsonObject {
  return end ? resultOf(end) : failure("run_unfinished", errorMessage("run_unfinished", language, { run: runId }), runId);
}

async function readRun(ports: HttpPorts, request: FastifyRequest, { workflowRunId }: JsonObject): Promise<JsonObject> {
  const caller = callerOf(request);
  const language = languageOf(request);
  const runId = typeof workflowRunId === "string" ? workflowRunId : "";
  const run = await ports.store.runs.get(caller.tenantId, null, runId);
  const workflow = run && (await ports.callables.row(caller, run.workflowId));
  if (!workflow?.apiEnabled) return failure("not_found", errorMessage("not_found", language), null);
  return ended(await endOfEarlier(ports, caller.tenantId, runId), runId, language);
}
