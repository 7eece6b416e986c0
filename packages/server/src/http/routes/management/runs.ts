import { fromPointer, memberAt, type RefusedRequestsQuery, type RefusedRequestView, type RunsQuery } from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { presentDetail, presentHeaders, valueOfRun } from "#http/run-detail";
import { DEFAULT_PAGE_ROWS, pageOf, runView } from "#http/views";
import { RequestError } from "#request-error";
import { cancelRun } from "#runs/cancel-run";
import { groupErrors } from "#runs/error-groups";
import { findRuns, type RunSearch } from "#runs/find-runs";
import { parseCondition } from "#runs/run-condition";
import type { RefusedRequest } from "#store/request-store";
import type { RunFilter } from "#store/run-filter";

export const listRuns: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const query = request.query as RunsQuery;
  const { limit = DEFAULT_PAGE_ROWS } = query;
  const filter = { limit, ...(await filterOf(ports, tenantId, query)) };
  const search = searchOf(query);
  if (!search) {
    const rows = await ports.store.runs.list(tenantId, filter);
    const { data, ...next } = pageOf(
      rows,
      limit,
      (row) => row,
      (row) => row.id,
    );
    return reply.send(JSON.stringify({ data: await presentHeaders(ports, tenantId, data), ...next }));
  }
  const { rows, next } = await findRuns(ports.store.runs, tenantId, filter, search);
  return reply.send(JSON.stringify({ data: await presentHeaders(ports, tenantId, rows), ...(next !== null && { nextCursor: next }) }));
};

async function filterOf(ports: HttpPorts, tenantId: string, query: RunsQuery): Promise<Omit<RunFilter, "limit">> {
  const { workflow, status, user, trigger, starter, since, until, cursor } = query;
  const workflowId = workflow === undefined ? undefined : (await ports.authoring.get(tenantId, workflow)).id;
  return {
    ...(workflowId !== undefined && { workflowId }),
    ...(status !== undefined && { status }),
    ...(user !== undefined && { userId: user }),
    ...(trigger !== undefined && { trigger }),
    ...(starter !== undefined && { starterId: starter }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(cursor !== undefined && { before: cursor }),
  };
}

/** null: the store has indexes of all that is asked for. */
function searchOf({ version, key, error, creditsFrom, creditsAbove, msAbove, text, where }: RunsQuery): RunSearch | null {
  const search = { version, keyId: key, errorType: error, creditsFrom, creditsAbove, msAbove, text };
  if (where === undefined && Object.values(search).every((value) => value === undefined)) return null;
  return { ...search, where: where === undefined ? undefined : parseCondition(where) };
}

export const listRefusedRequests: Handler = async (ports, request, reply) => {
  const { workflow, requestId, limit = DEFAULT_PAGE_ROWS, cursor } = request.query as RefusedRequestsQuery;
  const { tenantId } = callerOf(request);
  const workflowId = workflow === undefined ? undefined : (await ports.authoring.get(tenantId, workflow)).id;
  const rows = await ports.refused.list(tenantId, {
    limit,
    ...(workflowId !== undefined && { workflowId }),
    ...(requestId !== undefined && { requestId }),
    ...(cursor !== undefined && { before: Number.parseInt(cursor, 10) || 0 }),
  });
  return reply.send(JSON.stringify(pageOf(rows, limit, refusedRequestView, ({ position }) => String(position))));
};

function refusedRequestView({ position, workflowId, ...request }: RefusedRequest): RefusedRequestView {
  return { id: String(position), ...request, ...(workflowId !== null && { workflowId }) };
}

/** Shows how runs went: counts, errors and times, by workflow. */
export const getRunStats: Handler = async (ports, request, reply) => {
  const { hours = 168, workflow } = request.query as { hours?: number; workflow?: string };
  const { tenantId } = callerOf(request);
  const workflowId = workflow === undefined ? null : (await ports.authoring.get(tenantId, workflow)).id;
  return reply.send(JSON.stringify(await ports.runStats.report(tenantId, hours, workflowId)));
};

export const listRunErrors: Handler = async (ports, request, reply) => {
  const query = request.query as RunsQuery;
  const { tenantId } = callerOf(request);
  return reply.send(JSON.stringify(await groupErrors(ports.store.runs, tenantId, await filterOf(ports, tenantId, query))));
};

export const getRun: Handler = async (ports, request, reply) => {
  const { run } = request.params as { run: string };
  const { preview = false } = request.query as { preview?: boolean };
  return reply.send(JSON.stringify(await presentDetail(ports, callerOf(request).tenantId, run, preview)));
};

export const getRunValue: Handler = async (ports, request, reply) => {
  const { run, value } = request.params as { run: string; value: string };
  const { download = false, at = "" } = request.query as { download?: boolean; at?: string };
  const found = memberAt(await valueOfRun(ports, callerOf(request).tenantId, run, value), fromPointer(at));
  if (found === undefined) throw new RequestError("not_found");
  if (download)
    reply.headers({ "content-disposition": `attachment; filename="${run}-${value}.json"`, "content-security-policy": "sandbox" });
  return reply.send(JSON.stringify(found));
};

export const cancelOneRun: Handler = async (ports, request, reply) => {
  const { run: runId } = request.params as { run: string };
  const { tenantId, name } = callerOf(request);
  const run = await cancelRun(ports, { tenantId, workflowId: null, runId, ...(name !== "" && { reason: `Cancelled by ${name}.` }) });
  return reply.send(JSON.stringify(runView(run)));
};

export const getJournal: Handler = async (ports, request, reply) => {
  const { run: runId } = request.params as { run: string };
  const { limit = DEFAULT_PAGE_ROWS, cursor } = request.query as { limit?: number; cursor?: string };
  const { tenantId } = callerOf(request);
  if (!(await ports.store.runs.get(tenantId, null, runId))) throw new RequestError("not_found");
  const from = cursor === undefined ? 0 : Number.parseInt(cursor, 10);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new RequestError("invalid_request", { errors: [{ path: "/cursor", code: "invalid_value" }] });
  const rows = (await ports.store.runs.journal(tenantId, runId)).map((entry, seq) => ({ seq, ...entry })).slice(from, from + limit);
  return reply.send(
    JSON.stringify(
      pageOf(
        rows,
        limit,
        (row) => row,
        (row) => String(row.seq + 1),
      ),
    ),
  );
};
