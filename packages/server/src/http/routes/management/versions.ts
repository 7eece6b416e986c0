import {
  type DiffQuery,
  type ImportQuery,
  LIMITS,
  type PromoteBody,
  type PublishBody,
  type VersionQuery,
  type VersionsQuery,
} from "@millrace/contract";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { authorOf, callerOf, languageOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageOf, versionView } from "#http/views";
import { invalidMember, RequestError } from "#request-error";
import type { VersionRuns } from "#store/version-store";
import { compareVersions } from "#workflows/compare-versions";
import { type ExportOptions, exportWorkflow } from "#workflows/export-workflow";
import { importWorkflow } from "#workflows/import-workflow";

export const publish: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { note, ifRevision } = (request.body ?? {}) as PublishBody;
  const options = { note, ifRevision, by: authorOf(request), language: languageOf(request) };
  const published = await ports.authoring.publish(callerOf(request).tenantId, workflow, options);
  const { version, previousVersion, changed, warnings } = published;
  const answer = { version, ...(previousVersion !== null && { previousVersion }), changed, ...(warnings.length > 0 && { warnings }) };
  return reply.send(JSON.stringify(answer));
};

export const listVersions: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { limit = DEFAULT_PAGE_ROWS, cursor, stats = false } = request.query as VersionsQuery;
  const { tenantId } = callerOf(request);
  const { id } = await ports.authoring.get(tenantId, workflow);
  const rows = await ports.workflows.versions(tenantId, id, { limit, ...(cursor !== undefined && { before: numberOf(cursor) }) });
  const runs = await runsOf(ports, tenantId, id, stats);
  const language = languageOf(request);
  return reply.send(
    JSON.stringify(
      pageOf(
        rows,
        limit,
        (row) => versionView(row, language, runs(row.version)),
        (row) => String(row.number),
      ),
    ),
  );
};

export const getVersion: Handler = async (ports, request, reply) => {
  const { workflow, version } = request.params as { workflow: string; version: string };
  const { stats = false } = request.query as VersionQuery;
  const { tenantId } = callerOf(request);
  const { id } = await ports.authoring.get(tenantId, workflow);
  const row = await ports.workflows.version(tenantId, id, version);
  if (!row) throw new RequestError("version_unknown");
  const runs = await runsOf(ports, tenantId, id, stats);
  return reply.send(JSON.stringify({ ...versionView(row, languageOf(request), runs(version)), document: row.document }));
};

/** What is known of each version's runs; null: nobody asked. */
async function runsOf(
  { workflows }: HttpPorts,
  tenantId: string,
  id: string,
  stats: boolean,
): Promise<(version: string) => VersionRuns | null> {
  if (!stats) return () => null;
  const counted = await workflows.versionRuns(tenantId, id, LIMITS.versionRuns.value);
  return (version) => counted.get(version) ?? { total: 0, ended: 0, failed: 0 };
}

/** Versions are numbered: a cursor is the number of the last row seen. */
function numberOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw invalidMember("/cursor", "cursor: nextCursor of the page before");
}

export const promote: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { version } = request.body as PromoteBody;
  const { previousVersion } = await ports.authoring.promote(callerOf(request).tenantId, workflow, version);
  return reply.send(JSON.stringify({ version, ...(previousVersion !== null && { previousVersion }) }));
};

export const diffVersions: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const { from = "live", to = "draft" } = request.query as DiffQuery;
  const { tenantId } = callerOf(request);
  const row = await ports.authoring.get(tenantId, workflow);
  return reply.send(JSON.stringify(await compareVersions(ports.workflows, tenantId, row, { from, to, language: languageOf(request) })));
};

/** A file of any form: a native document in YAML or JSON, or a .flow. */
export const importFile: Handler = async (ports, request, reply) => {
  const { publish: publishes = false, dryRun = false } = request.query as ImportQuery;
  const imported = await importWorkflow(ports, callerOf(request).tenantId, (request.body as Buffer | undefined) ?? Buffer.alloc(0), {
    publish: publishes,
    dryRun,
    by: authorOf(request),
    language: languageOf(request),
  });
  return reply.send(JSON.stringify(imported));
};

export const exportFile: Handler = async (ports, request, reply) => {
  const { workflow } = request.params as { workflow: string };
  const exported = await exportWorkflow(ports, callerOf(request).tenantId, workflow, request.query as ExportOptions);
  return reply.send(JSON.stringify(exported));
};
