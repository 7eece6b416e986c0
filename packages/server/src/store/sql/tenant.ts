import { run, type Steps } from "#store/sql/steps";

/** A tenant exists from the first thing that it keeps on. */
export function* insertTenant(tenantId: string, at: number): Steps<void> {
  yield* run("INSERT INTO tenants (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", tenantId, at);
}
