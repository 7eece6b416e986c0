import type { DatabaseSync } from "node:sqlite";

/** A tenant exists from its first workflow or key on. */
export function insertTenant(database: DatabaseSync): (tenantId: string, at: number) => void {
  const insert = database.prepare("INSERT INTO tenants (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING");
  return (tenantId, at) => void insert.run(tenantId, at);
}
