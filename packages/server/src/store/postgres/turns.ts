import type { Pool } from "pg";
import { HOSTED } from "#store/hosted-runs";
import type { Committer } from "#store/postgres/committer";
import { storeError } from "#store/postgres/failure";
import { runSteps } from "#store/postgres/run-steps";
import type { AskedTurn, RunInLine, TurnState, TurnStore } from "#store/shared-store";
import { number, text } from "#store/sql/rows";
import { ASLEEP } from "#store/sql/sleepers";
import { all, one, run, type Steps } from "#store/sql/steps";

/** "TURN" as a number: who decides on turns does so alone, until its transaction is over. */
const LOCK = 0x5455524e;

// Whoever ended or fell asleep without giving it back, or died before its run was accepted.
const SWEEP = `
  DELETE FROM turns WHERE lane = ? AND (
    EXISTS (SELECT FROM runs WHERE tenant_id = turns.tenant_id AND id = turns.run_id AND (ended_at IS NOT NULL OR owner = '${ASLEEP}'))
    OR NOT EXISTS (SELECT FROM runs WHERE tenant_id = turns.tenant_id AND id = turns.run_id)
      AND NOT EXISTS (SELECT FROM workers WHERE workers.owner = turns.owner))`;
const OWN = "UPDATE turns SET owner = ? WHERE lane = ? AND run_id = ? RETURNING held";
const ADD = "INSERT INTO turns (lane, tenant_id, run_id, owner, held) VALUES (?, ?, ?, ?, ?)";
const COUNT = `
  SELECT count(*) FILTER (WHERE held = 1) AS held, count(*) FILTER (WHERE held = 0) AS waiting,
    count(*) FILTER (WHERE held = 0 AND run_id < ?) AS ahead
  FROM turns WHERE lane = ?`;
const NEXT = `
  SELECT tenant_id AS "tenantId", run_id AS "runId" FROM turns WHERE lane = ? AND held = 0
  ORDER BY run_id LIMIT greatest(0, CAST(? AS BIGINT) - (SELECT count(*) FROM turns AS others WHERE others.lane = ? AND others.held = 1))`;
const STALLED = `
  SELECT DISTINCT ON (turns.lane) turns.tenant_id AS "tenantId", turns.run_id AS "runId"
  FROM turns JOIN runs ON runs.tenant_id = turns.tenant_id AND runs.id = turns.run_id
  WHERE turns.held = 0 AND runs.owner = '${HOSTED}' AND runs.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM turns AS holder
    WHERE holder.lane = turns.lane AND holder.held = 1 AND NOT EXISTS (
      SELECT FROM runs AS ended WHERE ended.tenant_id = holder.tenant_id AND ended.id = holder.run_id AND ended.ended_at IS NOT NULL))
  ORDER BY turns.lane, turns.run_id`;
const POSITION = `
  SELECT (SELECT count(*) FROM turns AS older WHERE older.lane = turns.lane AND older.held = 0 AND older.run_id <= turns.run_id) AS position
  FROM turns WHERE tenant_id = ? AND run_id = ? AND held = 0`;

export class PostgresTurns implements TurnStore {
  readonly #pool: Pool;
  readonly #committer: Committer;

  constructor(pool: Pool, committer: Committer) {
    this.#pool = pool;
    this.#committer = committer;
  }

  ask(owner: string, turn: AskedTurn): Promise<TurnState | null> {
    return this.#committer.write(() => ask(owner, turn));
  }

  async giveBack(owner: string, lane: string, runId: string): Promise<void> {
    await this.#committer.write(() => run("DELETE FROM turns WHERE lane = ? AND run_id = ? AND owner = ?", lane, runId, owner));
  }

  pass(lane: string, runId: string, limit: number): Promise<readonly RunInLine[]> {
    return this.#committer.write(() => pass(lane, runId, limit));
  }

  async stalled(): Promise<readonly RunInLine[]> {
    try {
      return (await this.#pool.query<RunInLine>(STALLED)).rows;
    } catch (error) {
      throw storeError(error);
    }
  }

  async position(tenantId: string, runId: string): Promise<number | null> {
    try {
      const row = await runSteps(this.#pool, one(POSITION, tenantId, runId));
      return row ? number(row, "position") : null;
    } catch (error) {
      throw storeError(error);
    }
  }
}

function* ask(owner: string, { lane, tenantId, runId, limit, queue }: AskedTurn): Steps<TurnState | null> {
  yield* one("SELECT pg_advisory_xact_lock(?)", LOCK);
  yield* run(SWEEP, lane);
  const own = yield* one(OWN, owner, lane, runId);
  if (own?.["held"] === 1) return { isHeld: true, position: 0 };
  const { held, waiting, ahead } = yield* counts(lane, runId);
  // What is free belongs to those before it first.
  const isHeld = held + ahead < limit;
  if (!own && !isHeld && queue !== null && waiting >= queue) return null;
  if (!own) yield* run(ADD, lane, tenantId, runId, owner, isHeld ? 1 : 0);
  else if (isHeld) yield* run("UPDATE turns SET held = 1 WHERE lane = ? AND run_id = ?", lane, runId);
  return { isHeld, position: ahead + 1 };
}

function* pass(lane: string, runId: string, limit: number): Steps<readonly RunInLine[]> {
  yield* one("SELECT pg_advisory_xact_lock(?)", LOCK);
  yield* run("DELETE FROM turns WHERE lane = ? AND run_id = ?", lane, runId);
  yield* run(SWEEP, lane);
  return (yield* all(NEXT, lane, limit, lane)).map((row) => ({ tenantId: text(row, "tenantId"), runId: text(row, "runId") }));
}

function* counts(lane: string, runId: string): Steps<{ readonly held: number; readonly waiting: number; readonly ahead: number }> {
  const row = yield* one(COUNT, runId, lane);
  if (!row) throw new Error("a count has a row");
  return { held: number(row, "held"), waiting: number(row, "waiting"), ahead: number(row, "ahead") };
}
