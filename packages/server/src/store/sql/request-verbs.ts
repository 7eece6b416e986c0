import { type NewRefusedRequest, REFUSED_REQUESTS } from "#store/request-store";
import { REQUEST_COLUMNS, requestChecksum, requestColumns } from "#store/sql/request-row";
import { insert, run, type Steps } from "#store/sql/steps";

const INSERT = insert("refused_requests", REQUEST_COLUMNS);
const FORGET = `
  DELETE FROM refused_requests WHERE tenant_id = ? AND position <= (
    SELECT position FROM refused_requests WHERE tenant_id = ? ORDER BY position DESC LIMIT 1 OFFSET ?)`;

export const requestVerbs = {
  *appendRefused(tenantId: string, requests: readonly NewRefusedRequest[]): Steps<void> {
    for (const request of requests) yield* run(INSERT, ...requestColumns(tenantId, request), requestChecksum(tenantId, request));
    yield* run(FORGET, tenantId, tenantId, REFUSED_REQUESTS);
  },
};
