import type { AuditView } from "@millrace/contract";
import type { Handler } from "#http/handler";
import { auditView } from "#http/member-views";
import { callerOf } from "#http/request";
import { DEFAULT_PAGE_ROWS, pageOf } from "#http/views";
import { RequestError } from "#request-error";

interface AuditQuery {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly result?: AuditView["result"];
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

export const listAudit: Handler = async (ports, request, reply) => {
  const { actor, cursor, limit = DEFAULT_PAGE_ROWS, ...filters } = request.query as AuditQuery;
  const filter = {
    ...filters,
    limit,
    ...(actor !== undefined && { actorId: actor }),
    ...(cursor !== undefined && { before: positionOf(cursor) }),
  };
  const rows = await ports.store.audit.list(callerOf(request).tenantId, filter);
  return reply.send(JSON.stringify(pageOf(rows, limit, auditView, (row) => String(row.position))));
};

function positionOf(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new RequestError("invalid_request", { errors: [{ path: "/cursor", code: "invalid_value" }] });
  return Number(cursor);
}
