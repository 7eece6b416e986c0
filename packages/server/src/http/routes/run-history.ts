import { LIMITS, type RunCreditsQuery, type RunLogsQuery } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { callerOf, workflowOf } from "#http/request";
import { invalidMember } from "#request-error";
import { presentRunLog, TRIGGERS_OF } from "#runs/run-log";
import { presentRunCredits } from "#usage/run-credits";

/** GET /v1/workflow/run/logs: ended runs with what went in and came out. */
export const runLogs: Handler = async (ports, request, reply) => {
  const query = request.query as RunLogsQuery;
  const { conversation_type, page, page_size, user_id } = query;
  const { tenantId } = callerOf(request);
  const filter = {
    workflowIds: [workflowOf(request).id],
    ...periodOf(query),
    triggers: TRIGGERS_OF[conversation_type],
    drafts: false,
    ...(user_id !== undefined && { userId: user_id }),
  };
  const { total, rows } = await ports.store.runs.history(tenantId, filter, pageOf(page, page_size));
  const runs = await Promise.all(rows.map(({ id, workflowId }) => ports.store.runs.view(tenantId, workflowId, id)));
  const list = runs.filter((run) => run !== null).map(presentRunLog);
  return reply.send(JSON.stringify({ list, ...frameOf(query, total, page, page_size) }));
};

/** GET /v1/account/workflow/run/credits: what ended runs cost. */
export const runCredits: Handler = async (ports, request, reply) => {
  const query = request.query as RunCreditsQuery;
  const { page = 1, page_size = 20, run_id } = query;
  const { tenantId, workflowIds } = callerOf(request);
  const longest = LIMITS.creditsPeriod.value;
  if (query.end_time - query.start_time > longest)
    throw invalidMember("/end_time", `end_time may be ${longest / 86_400_000} days after start_time at most.`);
  const filter = {
    workflowIds,
    ...periodOf(query),
    triggers: run_id === undefined ? TRIGGERS_OF.ALL.filter((trigger) => trigger !== "workflow") : TRIGGERS_OF.ALL,
    drafts: true,
    ...(run_id !== undefined && { runId: run_id }),
  };
  const { total, rows } = await ports.store.runs.history(tenantId, filter, pageOf(page, page_size));
  const list = await Promise.all(rows.map(async (run) => presentRunCredits(run, await ports.store.usage.ofRun(tenantId, run.id))));
  return reply.send(JSON.stringify({ list, ...frameOf(query, total, page, page_size) }));
};

interface Times {
  readonly start_time: number;
  readonly end_time: number;
}

function periodOf({ start_time, end_time }: Times): { readonly from: number; readonly to: number } {
  if (start_time > end_time) throw invalidMember("/start_time", "start_time must not be after end_time.");
  return { from: start_time, to: end_time };
}

function pageOf(page: number, size: number): { readonly offset: number; readonly limit: number } {
  return { offset: (page - 1) * size, limit: size };
}

function frameOf({ start_time, end_time }: Times, total: number, page: number, page_size: number) {
  return { total, page, page_size, start_time, end_time };
}
