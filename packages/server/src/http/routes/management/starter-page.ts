import type { FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageById } from "#http/views";
import type { StarterFilter } from "#store/schedule-store";

interface StartersQuery {
  readonly workflow?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** One page of what starts runs, of one workflow or of all; JSON text. */
export async function starterPage<Row, View extends { readonly id: string }>(
  ports: HttpPorts,
  request: FastifyRequest,
  list: (tenantId: string, filter: StarterFilter) => Promise<readonly Row[]>,
  viewOf: (ports: HttpPorts, tenantId: string, row: Row) => Promise<View>,
): Promise<string> {
  const { workflow, limit = DEFAULT_PAGE_ROWS, cursor } = request.query as StartersQuery;
  const { tenantId } = callerOf(request);
  const workflowId = workflow === undefined ? undefined : (await ports.authoring.get(tenantId, workflow)).id;
  const filter = { limit, ...(workflowId !== undefined && { workflowId }), ...(cursor !== undefined && { before: cursor }) };
  const rows = await list(tenantId, filter);
  return JSON.stringify(pageById(await Promise.all(rows.map((row) => viewOf(ports, tenantId, row))), limit));
}
