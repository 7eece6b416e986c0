import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Answer, Statement, Steps } from "#store/sql/steps";

/** Statements of one connection that are kept prepared: lists are asked for in many forms. */
const KEPT_STATEMENTS = 1_000;

const PREPARED = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** Runs steps to their end, at once. */
export function finish<T>(database: DatabaseSync, steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next(answer(database, step.value));
  return step.value;
}

function answer(database: DatabaseSync, { sql, values, wants }: Statement): Answer {
  const statement = prepared(database, sql);
  if (wants === "rows") return { rows: statement.all(...values), changes: 0 };
  return { rows: [], changes: Number(statement.run(...values).changes) };
}

function prepared(database: DatabaseSync, sql: string): StatementSync {
  const kept = PREPARED.get(database) ?? new Map<string, StatementSync>();
  const known = kept.get(sql);
  if (known) return known;
  if (kept.size >= KEPT_STATEMENTS) kept.clear();
  const statement = database.prepare(sql);
  kept.set(sql, statement);
  PREPARED.set(database, kept);
  return statement;
}
