import type { Json, NodeTrace, RefusedRequestsQuery, RefusedRequestView, RunHeader, RunsQuery } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageOf, runView } from "#http/views";
import { RequestError } from "#request-error";
import { cancelRun } from "#runs/cancel-run";
import { groupErrors } from "#runs/error-groups";
import { findRuns, type RunSearch } from "#runs/find-runs";
import { momentOfRun } from "#runs/moment-of-run";
import { nodeInput } from "#runs/node-input";
import { presentMoment } from "#runs/present-run";
import { parseCondition } from "#runs/run-condition";
import { traceRun } from "#runs/trace-run";
import { previewed, valueNamed } from "#runs/value-preview";
import type { RefusedRequest } from "#store/request-store";
import type { RunFilter } from "#store/run-filter";
import type { RunRow } from "#store/store";

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
    return reply.send(JSON.stringify({ data: await headers(ports, tenantId, data), ...next }));
  }
  const { rows, next } = await findRuns(ports.store.runs, tenantId, filter, search);
  return reply.send(JSON.stringify({ data: await headers(ports, tenantId, rows), ...(next !== null && { nextCursor: next }) }));
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

/** Runs of a list. */
function headers(ports: HttpPorts, tenantId: string, rows: readonly RunRow[]): Promise<RunHeader[]> {
  return Promise.all(rows.map((row) => presentHeader(ports, tenantId, row)));
}

/** A run of a list, with what it waits for. */
async function presentHeader(ports: HttpPorts, tenantId: string, row: RunRow): Promise<RunHeader> {
  const moment = row.status === "RUNNING" ? await momentOfRun(ports, tenantId, row) : null;
  return { ...runView(row), ...(moment && presentMoment(row.id, moment)) };
}

export const getRun: Handler = async (ports, request, reply) => {
  const { run: runId } = request.params as { run: string };
  const { preview = false } = request.query as { preview?: boolean };
  const { tenantId } = callerOf(request);
  const run = await ports.store.runs.view(tenantId, null, runId);
  if (!run) throw new RequestError("not_found");
  const version = await ports.versions.load(tenantId, run.workflowId, run.version);
  const journal = version ? await ports.store.runs.journal(tenantId, runId) : [];
  const nodes = version ? traceRun(version.plan, journal) : [];
  const [accepted] = journal;
  const { input, output, error } = run;
  return reply.send(
    JSON.stringify({
      ...(await presentHeader(ports, tenantId, run)),
      ...(accepted?.type === "run-accepted" && accepted.retryOf !== undefined && { retryOf: accepted.retryOf }),
      ...(error && { error }),
      ...shown("input", "input", input, preview),
      ...(output && shown("output", "output", output, preview)),
      nodes: preview ? nodes.map(shortened) : nodes,
    }),
  );
};

/** The member, or where it is too long for a page, what is shown of it. */
function shown(member: string, name: string, value: Json, preview: boolean) {
  const part = preview ? previewed(name, value) : { whole: value };
  return "whole" in part ? { [member]: part.whole } : { [`${member}Preview`]: part.preview };
}

function shortened({ output, ...trace }: NodeTrace) {
  return output === undefined ? trace : { ...trace, ...shown("output", trace.value ?? "", output as Json, true) };
}

export const getRunValue: Handler = async (ports, request, reply) => {
  const { run: runId, value: name } = request.params as { run: string; value: string };
  const { download = false } = request.query as { download?: boolean };
  const { tenantId } = callerOf(request);
  const run = await ports.store.runs.get(tenantId, null, runId);
  if (!run) throw new RequestError("not_found");
  const journal = await ports.store.runs.journal(tenantId, runId);
  const value = valueNamed(name, journal) ?? (await inputNamed(ports, tenantId, run, name, journal));
  if (value === undefined) throw new RequestError("not_found", { key: "not_found.value", params: { name: name.slice(0, 50) } });
  if (download) reply.header("content-disposition", `attachment; filename="${runId}-${name}.json"`);
  return reply.send(JSON.stringify(value));
};

async function inputNamed(ports: HttpPorts, tenantId: string, run: RunRow, name: string, journal: readonly Entry[]) {
  const compiled = await ports.versions.load(tenantId, run.workflowId, run.version);
  return compiled && nodeInput(compiled.plan, name, journal);
}

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
