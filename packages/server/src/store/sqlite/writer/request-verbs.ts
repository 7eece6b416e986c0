import type { DatabaseSync } from "node:sqlite";
import { type NewRefusedRequest, REFUSED_REQUESTS } from "#store/request-store";
import { REQUEST_COLUMNS, requestChecksum, requestColumns } from "#store/sqlite/request-row";

export function requestVerbs(database: DatabaseSync) {
  const insert = database.prepare(`INSERT INTO refused_requests (${REQUEST_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const forget = database.prepare(`
    DELETE FROM refused_requests WHERE tenant_id = ? AND position <= (
      SELECT position FROM refused_requests WHERE tenant_id = ? ORDER BY position DESC LIMIT 1 OFFSET ?)`);
  return {
    appendRefused(tenantId: string, requests: readonly NewRefusedRequest[]): void {
      for (const request of requests) insert.run(...requestColumns(tenantId, request), requestChecksum(tenantId, request));
      forget.run(tenantId, tenantId, REFUSED_REQUESTS);
    },
  };
}
