import type { CreateRunShareBody, RunDetail, RunShareList, SharedRun } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { authorOf, callerOf } from "#http/request";
import { presentDetail, valueOfRun } from "#http/run-detail";
import { RequestError } from "#request-error";

const DEFAULT_HOURS = 168;

/** What search engines, caches and pages that are gone to from here must not keep. */
const PRIVATE = { "x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer" };

export const listRunShares: Handler = async ({ runShares }, request, reply) => {
  const { run } = request.params as { run: string };
  const data = await runShares.list(callerOf(request).tenantId, run);
  const answer: RunShareList = { enabled: runShares.enabled, data: [...data] };
  return reply.send(JSON.stringify(answer));
};

export const createRunShare: Handler = async (ports, request, reply) => {
  const { run } = request.params as { run: string };
  const { expiresInHours: hours = DEFAULT_HOURS } = (request.body ?? {}) as CreateRunShareBody;
  const { tenantId } = callerOf(request);
  const { token, row } = await ports.runShares.create(tenantId, run, { hours, createdBy: authorOf(request).name });
  return reply.code(201).send(JSON.stringify({ ...row, url: `${ports.baseUrl(request)}/shared/${token}` }));
};

export const revokeRunShare: Handler = async ({ runShares }, request, reply) => {
  const { run, share } = request.params as { run: string; share: string };
  await runShares.revoke(callerOf(request).tenantId, run, share);
  return reply.code(204).send();
};

export const getSharedRun: Handler = async (ports, request, reply) => {
  const { token } = request.params as { token: string };
  const { tenantId, runId, expiresAt } = await ports.runShares.open(token);
  const run = forStrangers(await presentDetail(ports, tenantId, runId, true));
  const version = await ports.workflows.version(tenantId, run.workflowId, run.version);
  if (!version) throw new RequestError("not_found", { key: "not_found.run_link" });
  const answer: SharedRun = { run, document: version.document, expiresAt };
  return reply.headers(PRIVATE).send(JSON.stringify(answer));
};

export const getSharedValue: Handler = async (ports, request, reply) => {
  const { token, value } = request.params as { token: string; value: string };
  const { download = false } = request.query as { download?: boolean };
  const { tenantId, runId } = await ports.runShares.open(token);
  const found = await valueOfRun(ports, tenantId, runId, value);
  if (download) reply.header("content-disposition", `attachment; filename="${runId}-${value}.json"`);
  return reply.headers(PRIVATE).send(JSON.stringify(found));
};

/** Without those who began it, and without other runs. */
function forStrangers({ userId: _user, key: _key, starterId: _starter, retryOf: _former, ...run }: RunDetail): SharedRun["run"] {
  return run;
}
