import type { BulkJobView, CreateBulkJobBody } from "@millrace/contract";
import type { FastifyRequest } from "fastify";
import type { Handler } from "#http/handler";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageById } from "#http/views";
import type { BulkJobRow } from "#store/bulk-store";

export const listBulkJobs: Handler = async (ports, request, reply) => {
  const { limit = DEFAULT_PAGE_ROWS, cursor } = request.query as { limit?: number; cursor?: string };
  const { tenantId } = callerOf(request);
  const rows = await ports.bulkJobs.list(tenantId, { limit, ...(cursor !== undefined && { before: cursor }) });
  const views = await Promise.all(rows.map((row) => viewOf(ports, tenantId, row)));
  return reply.send(JSON.stringify(pageById(views, limit)));
};

export const createBulkJob: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  const row = await ports.bulkJobs.create(tenantId, request.body as CreateBulkJobBody);
  return reply.code(201).send(JSON.stringify(await viewOf(ports, tenantId, row)));
};

export const getBulkJob: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, await ports.bulkJobs.get(tenantId, idOf(request)))));
};

export const stopBulkJob: Handler = async (ports, request, reply) => {
  const { tenantId } = callerOf(request);
  return reply.send(JSON.stringify(await viewOf(ports, tenantId, await ports.bulkJobs.stop(tenantId, idOf(request)))));
};

function idOf(request: FastifyRequest): string {
  return (request.params as { job: string }).job;
}

async function viewOf({ workflows }: HttpPorts, tenantId: string, row: BulkJobRow): Promise<BulkJobView> {
  const { workflowId, status, userId, trigger, since } = row.filter;
  const workflow = workflowId === undefined ? null : await workflows.get(tenantId, workflowId, { deleted: true });
  const open = row.matched - row.done - row.failed;
  return {
    id: row.id,
    action: row.action,
    filter: {
      ...(workflow && { workflow: workflow.name }),
      status,
      ...(userId !== undefined && { user: userId }),
      ...(trigger !== undefined && { trigger }),
      ...(since !== undefined && { since }),
    },
    ...(row.action === "replay" && { from: row.from, version: row.version }),
    state: row.state,
    matched: row.matched,
    done: row.done,
    failed: row.failed,
    skipped: row.state === "done" ? open : 0,
    remaining: row.state === "done" ? 0 : open,
    ...(row.lastError !== null && { lastError: row.lastError }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
