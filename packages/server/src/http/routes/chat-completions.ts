import { ChatCompletionBody, checkInvokeBody } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Callable } from "#called/callables";
import type { ChatFit } from "#called/chat/chat-fit";
import { chatInput } from "#called/chat/chat-input";
import { chatUsage } from "#called/chat/chat-usage";
import { presentCompletion } from "#called/chat/present-chat";
import { RunListener } from "#called/chat/run-listener";
import { streamChat } from "#http/chat-stream";
import { assertFits } from "#http/check-request";
import { openEventStream } from "#http/event-stream";
import type { Handler } from "#http/handler";
import { idempotencyKeyOf } from "#http/idempotency-key";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf } from "#http/request";
import { endOf, endOfEarlier } from "#http/run-end";
import type { Caller } from "#keys/authenticate";
import { invalidMember, RequestError } from "#request-error";
import { type StartedOnce, startOnce } from "#runs/start-once";
import { type RunRequest, startRun } from "#runs/start-run";

/** POST /v1/chat/completions: a run of the workflow that the model names; its output is the answer. */
export const chatCompletions: Handler = async (ports, request, reply) => {
  assertFits(ChatCompletionBody, request.body);
  const body = request.body as ChatCompletionBody;
  const { callable, chat } = await chatModel(ports, callerOf(request), body.model);
  const asked = runRequest(ports, request, callable, chatInputOf(chat, body));
  const key = idempotencyKeyOf(request);
  const { tenantId } = asked.caller;
  if (body.stream === true) return stream(ports, request, reply, { asked, key, chat, body });
  const begun = await begin(ports, asked, key);
  const runId = announce(ports, request, reply, begun);
  const end = begun.handle ? await endOf(ports, tenantId, begun.handle) : await endOfEarlier(ports, tenantId, begun.earlier);
  if (!end) throw new RequestError("run_unfinished", { params: { run: runId } });
  if (end.error) throw new RequestError("run_failed", { params: { run: runId, reason: `${end.error.type}: ${end.error.message}` } });
  const usage = await chatUsage(ports.store.runs.journalFrom(tenantId, runId, 0));
  return reply.send(JSON.stringify(presentCompletion(end, body.model, usage)));
};

interface Asking {
  readonly asked: Asked;
  /** Of idempotency. */
  readonly key: string | null;
  readonly chat: ChatFit;
  readonly body: ChatCompletionBody;
}

/** Of a run that an equal request began, nothing is known of what it has shown: its answer comes as one. */
const NO_NODES: ReadonlySet<string> = new Set();

async function stream(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply, { asked, key, chat, body }: Asking) {
  // Where every place is taken, nothing is started. The signal is aborted when the answer is over, however it ends.
  const signal = openEventStream(ports, reply);
  const { tenantId } = asked.caller;
  const first = new RunListener(ports.runtime, tenantId, asked.id, { shown: chat.shown, signal });
  const begun = await begin(ports, asked, key);
  const runId = announce(ports, request, reply, begun);
  const listener = begun.handle ? first : new RunListener(ports.runtime, tenantId, runId, { shown: NO_NODES, signal });
  return streamChat(ports, request, reply, { signal, runId, listener, body });
}

/** The id of the run, once the answer's head names it. */
function announce(ports: HttpPorts, request: FastifyRequest, reply: FastifyReply, begun: StartedOnce): string {
  const runId = begun.handle ? begun.handle.runId : begun.earlier;
  reply.header("x-run-url", ports.runUrl(request, runId));
  if (!begun.handle) reply.header("idempotent-replayed", "true");
  return runId;
}

/** Refused as on the run API: what the key is not for does not exist. */
async function chatModel({ callables }: HttpPorts, caller: Caller, model: string): Promise<{ callable: Callable; chat: ChatFit }> {
  const row = await callables.row(caller, model);
  if (!row) throw new RequestError("not_found", { key: "not_found.workflow" });
  if (!row.apiEnabled) throw new RequestError("api_disabled");
  const callable = await callables.of(caller.tenantId, row);
  if (!callable) throw new RequestError("no_published_version");
  const { chat } = callable.version;
  if (!chat) throw invalidMember("/model", `${row.name} is not for chats: its Start node takes no text, or requires something else.`);
  return { callable, chat };
}

function chatInputOf(chat: ChatFit, { messages, user = null }: ChatCompletionBody) {
  const input = chatInput(chat, messages);
  if (!input) throw invalidMember("/messages", "The last message must have the role user.");
  return { input, userId: user };
}

type Asked = RunRequest & { readonly caller: Caller; readonly id: string };

function runRequest(ports: HttpPorts, request: FastifyRequest, workflow: Callable, given: object): Asked {
  const language = languageOf(request);
  const checked = checkInvokeBody(given, { language });
  if (!checked.ok) throw new RequestError("invalid_request", { errors: checked.faults });
  const traceparent = ports.traceparentOf(request);
  const asked = { id: ports.ids.uuidv7(), caller: callerOf(request), workflow, version: null, body: checked.body, language };
  return traceparent === null ? asked : { ...asked, traceparent };
}

async function begin(ports: HttpPorts, asked: Asked, key: string | null): Promise<StartedOnce> {
  if (key === null) return { handle: await startRun(ports, asked), earlier: null };
  return startOnce({ ...ports, runs: ports.store.runs }, asked, key);
}
