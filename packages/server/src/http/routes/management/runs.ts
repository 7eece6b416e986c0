import type { RunStatus, RunTrigger } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageOf, runView } from "#http/views";
import { RequestError } from "#request-error";
import { traceRun } from "#runs/trace-run";

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
  return reply.send(JSON.stringify(pageOf(rows, limit, runView, (row) => row.id)));
};

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
      ...runView(run),
      ...(accepted?.type === "run-accepted" && accepted.retryOf !== undefined && { retryOf: accepted.retryOf }),
      ...(error && { error }),
      input,
      ...(output && { output }),
      nodes,
    }),
  );
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
