import type { RunHeader, RunStatus, RunTrigger } from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageOf, runView } from "#http/views";
import { RequestError } from "#request-error";
import { cancelRun } from "#runs/cancel-run";
import { momentOfRun } from "#runs/moment-of-run";
import { presentPause } from "#runs/present-run";
import { traceRun } from "#runs/trace-run";
import type { RunRow } from "#store/store";

interface RunsQuery {
  readonly workflow?: string;
  readonly status?: RunStatus;
  readonly user?: string;
  readonly trigger?: RunTrigger;
  readonly starter?: string;
  readonly since?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

export const listRuns: Handler = async (ports, request, reply) => {
  const { workflow, status, user, trigger, starter, since, limit = DEFAULT_PAGE_ROWS, cursor } = request.query as RunsQuery;
  const { tenantId } = callerOf(request);
  const workflowId = workflow === undefined ? undefined : (await ports.authoring.get(tenantId, workflow)).id;
  const rows = await ports.store.runs.list(tenantId, {
    limit,
    ...(workflowId !== undefined && { workflowId }),
    ...(status !== undefined && { status }),
    ...(user !== undefined && { userId: user }),
    ...(trigger !== undefined && { trigger }),
    ...(starter !== undefined && { starterId: starter }),
    ...(since !== undefined && { since }),
    ...(cursor !== undefined && { before: cursor }),
  });
  const { data, ...next } = pageOf(
    rows,
    limit,
    (row) => row,
    (row) => row.id,
  );
  return reply.send(JSON.stringify({ data: await Promise.all(data.map((row) => presentHeader(ports, tenantId, row))), ...next }));
};

/** A run of a list, with what it waits for. */
async function presentHeader(ports: HttpPorts, tenantId: string, row: RunRow): Promise<RunHeader> {
  const moment = row.status === "RUNNING" ? await momentOfRun(ports, tenantId, row) : null;
  const pause = moment && presentPause(row.id, moment);
  return { ...runView(row), ...(pause && { waitingFor: pause }) };
}

export const getRun: Handler = async (ports, request, reply) => {
  const { run: runId } = request.params as { run: string };
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
      input,
      ...(output && { output }),
      nodes,
    }),
  );
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
