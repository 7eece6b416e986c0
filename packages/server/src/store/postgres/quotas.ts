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

/** Of those that were had so long ago, nobody asks again. */
const FORGET = `
  DELETE FROM key_quotas
  WHERE tenant_id = $1 AND starts_with(key_id, $2) AND at < extract(epoch FROM clock_timestamp())::double precision - $3`;

/** Of the rows for what may be had once: no tenant has it. */
const NO_TENANT = "";

export class PostgresQuotas implements QuotaStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async first(purpose: string, name: string, windowS: number): Promise<boolean> {
    // A bucket of one, which is full again when nobody asks any more.
    const { isLetThrough } = await this.take(NO_TENANT, `${purpose} ${name}`, { requests: 1, windowS: 2 * windowS });
    if (isLetThrough) await this.#ask(FORGET, [NO_TENANT, `${purpose} `, 2 * windowS]);
    return isLetThrough;
  }

  async take(tenantId: string, keyId: string, { requests, windowS }: RateLimit) {
    const [row] = await this.#ask<{ tokens: number; passed: number }>(TAKE, [tenantId, keyId, requests, requests / windowS]);
    if (!row) throw new Error("a quota has a row");
    return { tokens: row.tokens, isLetThrough: row.passed === 1 };
  }

  async #ask<Row extends object>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    try {
      return (await this.#pool.query<Row>(sql, [...values])).rows;
    } catch (error) {
      throw storeError(error);
    }
  }
}
