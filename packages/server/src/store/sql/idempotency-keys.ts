import { IdempotencyKeyTaken } from "#store/errors";
import { text } from "#store/sql/rows";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import type { AcceptedUnder, IdempotencyKey } from "#store/store";

// Keys under which a run was accepted.

const FIND = "SELECT run_id, request_hash FROM idempotency_keys WHERE tenant_id = ? AND key_id = ? AND key = ? AND forgotten_at > ?";
const TAKE = upsert("idempotency_keys", "tenant_id, key_id, key, request_hash, run_id, forgotten_at", "tenant_id, key_id, key");
// Twice as fast as they come: a server that was busy yesterday is tidy tomorrow, and nothing has to run at night.
const FORGET = `
  DELETE FROM idempotency_keys WHERE (tenant_id, key_id, key) IN
    (SELECT tenant_id, key_id, key FROM idempotency_keys WHERE forgotten_at <= ? ORDER BY forgotten_at LIMIT 2)`;

/** null: none, or it is forgotten by `now`. */
export function* acceptedUnder(tenantId: string, keyId: string, key: string, now: number): Steps<AcceptedUnder | null> {
  const row = yield* one(FIND, tenantId, keyId, key, now);
  return row ? { runId: text(row, "run_id"), requestHash: text(row, "request_hash") } : null;
}

/** Inside the transaction that accepts the run: both are there, or neither. Throws IdempotencyKeyTaken. */
export function* takeIdempotencyKey(
  tenantId: string,
  { keyId, key, requestHash, at, forgottenAt }: IdempotencyKey,
  runId: string,
): Steps<void> {
  const before = yield* acceptedUnder(tenantId, keyId, key, at);
  if (before) throw new IdempotencyKeyTaken(before.runId, before.requestHash);
  yield* run(TAKE, tenantId, keyId, key, requestHash, runId, forgottenAt);
  yield* run(FORGET, at);
}
