import type { DraftRunBody, JsonObject } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { callerOf, languageOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, draftEntryView, pageOf } from "#http/views";
import { type DraftRunRequest, runDraft as run } from "#runs/draft-run";
import { presentAcknowledgement } from "#runs/present-run";

export const listDraftHistory: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { limit = DEFAULT_PAGE_ROWS, cursor } = request.query as { limit?: number; cursor?: string };
  const { tenantId } = callerOf(request);
  const { id } = await ports.authoring.get(tenantId, workflow);
  const page = { limit, ...(cursor !== undefined && { before: numberOf(cursor) }) };
  const rows = await ports.draftHistory.list(tenantId, id, page);
  return reply.send(JSON.stringify(pageOf(rows, limit, draftEntryView, ({ entry }) => String(entry))));
};

export const getDraftEntry: Handler = async (ports, request, reply) => {
  const { workflow, entry } = request.params as { workflow: string; entry: string };
  const { tenantId } = callerOf(request);
  const { id } = await ports.authoring.get(tenantId, workflow);
  const { document, ...row } = await ports.draftHistory.get(tenantId, id, numberOf(entry));
  return reply.send(JSON.stringify({ ...draftEntryView(row), document }));
};

export const runDraft: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { input, userId = null, pins = {}, mock, target, baseRun, failOnce, crashOnce } = (request.body ?? {}) as DraftRunBody;
  const named = { workflow, userId, mock, target, baseRun, failOnce, crashOnce, pins: pins as DraftRunRequest["pins"] };
  const handle = await run(ports, {
    caller: callerOf(request),
    ...named,
    input: input as JsonObject | undefined,
    language: languageOf(request),
  });
  return reply.header("x-run-url", ports.runUrl(request, handle.runId)).send(presentAcknowledgement(handle.current()));
};

/** 0, which nothing has, where the text is no number of an entry. */
function numberOf(text: string): number {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : 0;
}
