import { type ChatCompletionBody, errorBody, type MessageKey, type WireErrorType } from "@millrace/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerText } from "#called/chat/chat-fit";
import { chatUsage } from "#called/chat/chat-usage";
import { chunksOf } from "#called/chat/present-chat";
import type { RunListener } from "#called/chat/run-listener";
import { chatError } from "#http/chat-error";
import { QUIET_MS, type StreamedEvent, sendEvents } from "#http/event-stream";
import type { HttpPorts } from "#http/ports";
import { callerOf, languageOf, pathOf } from "#http/request";
import type { RunContents } from "#store/store";

export interface StreamedChat {
  /** Of the place that the stream has. */
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly listener: RunListener;
  readonly body: ChatCompletionBody;
}

/** The answer in pieces, as they are made. Its reader may leave: the run goes on. */
export async function streamChat(
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  chat: StreamedChat,
): Promise<FastifyReply> {
  const about = { requestId: request.id, workflowRunId: chat.runId };
  return sendEvents(reply, eventsOf(chunks(ports, request, chat)), (error) =>
    ports.log.error({ err: error, ...about }, "a chat cannot be answered"),
  );
}

async function* eventsOf(texts: AsyncIterable<string | null>): AsyncGenerator<StreamedEvent | null> {
  for await (const data of texts) yield data === null ? null : { data };
}

/** Null is a sign of life. */
async function* chunks(ports: HttpPorts, request: FastifyRequest, chat: StreamedChat): AsyncGenerator<string | null> {
  const { signal, listener, body, runId } = chat;
  const { tenantId } = callerOf(request);
  const { runs } = ports.store;
  const withUsage = body.stream_options?.include_usage === true;
  const run = await runs.view(tenantId, null, runId);
  if (!run) throw new Error(`run ${runId} is gone`);
  const chunk = chunksOf(run, body.model, withUsage);
  yield chunk.delta({ role: "assistant", content: "" });
  const pieces = function* () {
    const { text, reasoning } = listener.answer.take();
    if (reasoning !== "") yield chunk.delta({ reasoning_content: reasoning });
    if (text !== "") yield chunk.delta({ content: text });
  };
  let end = run.endedAt === null ? listener.end : run;
  while (!end && !signal.aborted) {
    yield* pieces();
    if (!(await listener.bell.heard(ports.clock, QUIET_MS))) yield null;
    end = listener.end;
  }
  yield* pieces();
  const rest = end?.error === null ? listener.answer.rest(answerText(end.output ?? {})) : null;
  if (rest === null) {
    yield refusal(request, runId, end);
    return;
  }
  if (rest !== "") yield chunk.delta({ content: rest });
  yield chunk.delta({}, "stop");
  if (withUsage) yield chunk.usage(await chatUsage(runs.journalFrom(tenantId, runId, 0)));
  yield "[DONE]";
}

/** What there is instead of the rest of an answer, as these clients read it. */
function refusal(request: FastifyRequest, runId: string, end: RunContents | null): string {
  const [type, key]: [WireErrorType, MessageKey] = end?.error
    ? ["run_failed", "run_failed"]
    : ["run_unfinished", end ? "run_unfinished.changed" : "run_unfinished"];
  const reason = end?.error ? `${end.error.type}: ${end.error.message}` : "";
  const place = { language: languageOf(request), instance: pathOf(request.url), requestId: request.id };
  return JSON.stringify({ error: chatError(errorBody({ type, key, params: { run: runId, reason }, ...place })) });
}
