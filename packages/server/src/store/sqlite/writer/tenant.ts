import type { DatabaseSync } from "node:sqlite";
import { insertTenant as steps } from "#store/sql/tenant";
import { finish } from "#store/sqlite/finish";

export function insertTenant(database: DatabaseSync): (tenantId: string, at: number) => void {
  return (tenantId, at) => finish(database, steps(tenantId, at));
}
