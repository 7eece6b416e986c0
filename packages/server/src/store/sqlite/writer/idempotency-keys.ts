import type { DatabaseSync, StatementSync } from "node:sqlite";
import { IdempotencyKeyTaken } from "#store/errors";
import { text } from "#store/sql/rows";
import type { IdempotencyKey } from "#store/store";

/** Keys under which a run was accepted. */
export class IdempotencyKeys {
  readonly #taken: StatementSync;
  readonly #take: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: DatabaseSync) {
    this.#taken = database.prepare(
      "SELECT run_id, request_hash FROM idempotency_keys WHERE tenant_id = ? AND key_id = ? AND key = ? AND forgotten_at > ?",
    );
    this.#take = database.prepare(`
      INSERT INTO idempotency_keys (tenant_id, key_id, key, request_hash, run_id, forgotten_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET request_hash = excluded.request_hash, run_id = excluded.run_id, forgotten_at = excluded.forgotten_at`);
    // Twice as fast as they come: a server that was busy yesterday is tidy tomorrow, and nothing has to run at night.
    this.#forget = database.prepare(`
      DELETE FROM idempotency_keys WHERE (tenant_id, key_id, key) IN
        (SELECT tenant_id, key_id, key FROM idempotency_keys WHERE forgotten_at <= ? ORDER BY forgotten_at LIMIT 2)`);
  }

  /** Inside the transaction that accepts the run: both are there, or neither. Throws IdempotencyKeyTaken. */
  take(tenantId: string, { keyId, key, requestHash, at, forgottenAt }: IdempotencyKey, runId: string): void {
    const row = this.#taken.get(tenantId, keyId, key, at);
    if (row) throw new IdempotencyKeyTaken(text(row, "run_id"), text(row, "request_hash"));
    this.#take.run(tenantId, keyId, key, requestHash, runId, forgottenAt);
    this.#forget.run(at);
  }
}
