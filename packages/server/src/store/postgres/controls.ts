import type { Json } from "@millrace/contract";
import type { Pool } from "pg";
import type { Committer } from "#store/postgres/committer";
import { storeError } from "#store/postgres/failure";
import { runSteps } from "#store/postgres/run-steps";
import type { Control, ControlState, ControlStore, NewControl } from "#store/shared-store";
import { number, type Row, text, textOrNull } from "#store/sql/rows";
import { ASLEEP } from "#store/sql/sleepers";
import { all, one, run } from "#store/sql/steps";

// The run is looked at in the statement that asks it: one that ends at the same moment has what was asked of it settled by whoever asked.
const ASK = `
  INSERT INTO run_controls (tenant_id, id, run_id, body, at)
  SELECT tenant_id, ?, id, ?, ? FROM runs WHERE tenant_id = ? AND id = ? AND ended_at IS NULL`;
const TAKE = `
  UPDATE run_controls SET taken_by = ? FROM runs
  WHERE run_controls.outcome IS NULL AND run_controls.taken_by <> ? AND runs.tenant_id = run_controls.tenant_id
    AND runs.id = run_controls.run_id AND runs.ended_at IS NULL
    AND (runs.owner = ? OR (runs.owner = '${ASLEEP}' AND (run_controls.taken_by = '' OR NOT EXISTS (SELECT FROM workers WHERE workers.owner = run_controls.taken_by))))
  RETURNING run_controls.tenant_id, run_controls.id, run_controls.run_id, run_controls.body, run_controls.at`;
const LOOK = `
  SELECT run_controls.outcome, runs.owner, runs.ended_at FROM run_controls
  JOIN runs ON runs.tenant_id = run_controls.tenant_id AND runs.id = run_controls.run_id
  WHERE run_controls.tenant_id = ? AND run_controls.id = ?`;

export class PostgresControls implements ControlStore {
  readonly #pool: Pool;
  readonly #committer: Committer;

  constructor(pool: Pool, committer: Committer) {
    this.#pool = pool;
    this.#committer = committer;
  }

  async ask(tenantId: string, { id, runId, body, at }: NewControl): Promise<boolean> {
    return (await this.#committer.write(() => run(ASK, id, JSON.stringify(body), at, tenantId, runId))) === 1;
  }

  async take(owner: string): Promise<readonly Control[]> {
    const rows = await this.#committer.write(() => all(TAKE, owner, owner, owner));
    return rows.map(controlOf).sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
  }

  async settle(tenantId: string, id: string, outcome: Json): Promise<void> {
    const sql = "UPDATE run_controls SET outcome = ? WHERE tenant_id = ? AND id = ?";
    await this.#committer.write(() => run(sql, JSON.stringify(outcome), tenantId, id));
  }

  async putBack(tenantId: string, id: string, owner: string): Promise<void> {
    const sql = "UPDATE run_controls SET taken_by = '' WHERE tenant_id = ? AND id = ? AND taken_by = ? AND outcome IS NULL";
    await this.#committer.write(() => run(sql, tenantId, id, owner));
  }

  async look(tenantId: string, id: string): Promise<ControlState | null> {
    const row = await runSteps(this.#pool, one(LOOK, tenantId, id)).catch((error: unknown) => {
      throw storeError(error);
    });
    if (!row) return null;
    const outcome = textOrNull(row, "outcome");
    return {
      outcome: outcome === null ? undefined : (JSON.parse(outcome) as Json),
      isAsleep: row["owner"] === ASLEEP,
      hasEnded: row["ended_at"] !== null,
    };
  }

  async withdraw(tenantId: string, id: string): Promise<boolean> {
    const sql = "DELETE FROM run_controls WHERE tenant_id = ? AND id = ? AND taken_by = ''";
    return (await this.#committer.write(() => run(sql, tenantId, id))) === 1;
  }

  async forget(tenantId: string, id: string): Promise<void> {
    await this.#committer.write(() => run("DELETE FROM run_controls WHERE tenant_id = ? AND id = ?", tenantId, id));
  }
}

function controlOf(row: Row): Control {
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    runId: text(row, "run_id"),
    body: JSON.parse(text(row, "body")) as Json,
    at: number(row, "at"),
  };
}
