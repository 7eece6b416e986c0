import type { RateLimit } from "@millrace/contract";
import type { Pool } from "pg";
import { storeError } from "#store/postgres/failure";
import type { QuotaStore } from "#store/shared-store";

// One statement, which locks the row while it is at it. The bucket refills all the time, as the one of a single process does.
const REFILLED = "least($3, key_quotas.tokens + greatest(0, excluded.at - key_quotas.at) * $4)";
const TAKE = `
  WITH now AS (SELECT extract(epoch FROM clock_timestamp())::double precision AS at)
  INSERT INTO key_quotas (tenant_id, key_id, tokens, passed, at) SELECT $1, $2, $3::double precision - 1, 1, at FROM now
  ON CONFLICT (tenant_id, key_id) DO UPDATE SET
    tokens = ${REFILLED} - CASE WHEN ${REFILLED} >= 1 THEN 1 ELSE 0 END,
    passed = CASE WHEN ${REFILLED} >= 1 THEN 1 ELSE 0 END,
    at = greatest(key_quotas.at, excluded.at)
  RETURNING tokens, passed`;

export class PostgresQuotas implements QuotaStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async take(tenantId: string, keyId: string, { requests, windowS }: RateLimit) {
    try {
      const values = [tenantId, keyId, requests, requests / windowS];
      const [row] = (await this.#pool.query<{ tokens: number; passed: number }>(TAKE, values)).rows;
      if (!row) throw new Error("a quota has a row");
      return { tokens: row.tokens, isLetThrough: row.passed === 1 };
    } catch (error) {
      throw storeError(error);
    }
  }
}
