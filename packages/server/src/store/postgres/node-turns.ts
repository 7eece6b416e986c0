import type { Committer } from "#store/postgres/committer";
import type { AskedNodeTurn, NodeTurnOf, NodeTurnStore, TurnAttempt } from "#store/shared-store";
import { number, text } from "#store/sql/rows";
import { all, one, run, type Steps } from "#store/sql/steps";

/** "NODE" as a number: who decides on turns of nodes does so alone, until its transaction is over. */
const LOCK = 0x4e4f4445;

// What was under way in a process that is gone begins anew somewhere, and asks again; and whoever could not say that an attempt is over.
const SWEEP = `
  DELETE FROM node_turns WHERE lane = ? AND (
    NOT EXISTS (SELECT FROM workers WHERE workers.owner = node_turns.owner)
    OR EXISTS (SELECT FROM runs WHERE tenant_id = node_turns.tenant_id AND id = node_turns.run_id AND ended_at IS NOT NULL))`;
const CALLER_HOLDS = "SELECT 1 AS found FROM node_turns WHERE lane = ? AND run_id = ? AND path = ? AND held = 1";
// A run that comes later begins with the round that is being served, and not behind all that others have asked for.
const ADD = `
  INSERT INTO node_turns (lane, tenant_id, run_id, path, attempt, owner, turn, held, round)
  SELECT ?, ?, ?, ?, CAST(? AS BIGINT), ?, CAST(? AS BIGINT), 0, 1 + greatest(
    coalesce((SELECT max(round) FROM node_turns WHERE lane = ? AND run_id = ?), 0),
    coalesce(
      (SELECT max(round) FROM node_turns WHERE lane = ? AND held = 1),
      (SELECT min(round) - 1 FROM node_turns WHERE lane = ? AND held = 0),
      0))
  ON CONFLICT (lane, run_id, path, attempt) DO UPDATE SET owner = excluded.owner, turn = excluded.turn RETURNING held`;
const GRANT = `
  UPDATE node_turns SET held = 1 FROM (
    SELECT run_id, path, attempt FROM node_turns WHERE lane = ? AND held = 0 ORDER BY round, asked
    LIMIT greatest(0, CAST(? AS BIGINT) - (SELECT count(*) FROM node_turns WHERE lane = ? AND held = 1))) AS next
  WHERE node_turns.lane = ? AND node_turns.run_id = next.run_id AND node_turns.path = next.path AND node_turns.attempt = next.attempt
    AND node_turns.owner = ?
  RETURNING node_turns.run_id AS "runId", node_turns.path, node_turns.attempt`;
const REMOVE = "DELETE FROM node_turns WHERE lane = ? AND run_id = ? AND path = ? AND attempt = ? AND owner = ? AND turn = ?";

export class PostgresNodeTurns implements NodeTurnStore {
  readonly #committer: Committer;

  constructor(committer: Committer) {
    this.#committer = committer;
  }

  ask(owner: string, turn: AskedNodeTurn): Promise<readonly TurnAttempt[]> {
    return this.#committer.write(() => ask(owner, turn));
  }

  serve(owner: string, lane: string, limit: number): Promise<readonly TurnAttempt[]> {
    return this.#committer.write(() => serve(owner, lane, limit));
  }

  async giveBack(owner: string, { lane, runId, path, attempt, turn }: NodeTurnOf): Promise<void> {
    await this.#committer.write(() => run(REMOVE, lane, runId, path, attempt, owner, turn));
  }
}

function* ask(owner: string, asked: AskedNodeTurn): Steps<readonly TurnAttempt[]> {
  const { lane, tenantId, runId, path, attempt, turn, limit, callers } = asked;
  yield* one("SELECT pg_advisory_xact_lock(?)", LOCK);
  for (const caller of callers) if (yield* one(CALLER_HOLDS, lane, caller.runId, caller.path)) return [asked];
  const own = yield* one(ADD, lane, tenantId, runId, path, attempt, owner, turn, lane, runId, lane, lane);
  const granted = yield* grant(owner, lane, limit);
  return own?.["held"] === 1 ? [asked, ...granted] : granted;
}

function* serve(owner: string, lane: string, limit: number): Steps<readonly TurnAttempt[]> {
  yield* one("SELECT pg_advisory_xact_lock(?)", LOCK);
  yield* run(SWEEP, lane);
  return yield* grant(owner, lane, limit);
}

/** What is free, to those who are next, where they are this owner's. */
function* grant(owner: string, lane: string, limit: number): Steps<readonly TurnAttempt[]> {
  const rows = yield* all(GRANT, lane, limit, lane, lane, owner);
  return rows.map((row) => ({ runId: text(row, "runId"), path: text(row, "path"), attempt: number(row, "attempt") }));
}
