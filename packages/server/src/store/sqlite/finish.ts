import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Answer, Statement, Steps } from "#store/sql/steps";

/** Statements of one connection that are kept prepared: lists are asked for in many forms. */
const KEPT_STATEMENTS = 1_000;

/** Whoever writes here writes alone. */
const LOCK = " FOR UPDATE SKIP LOCKED";

/** What runs steps to their end, at once. */
export type Finish = <T>(steps: Steps<T>) => T;

export function finisher(database: DatabaseSync): Finish {
  const kept = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = kept.get(sql);
    if (known) return known;
    if (kept.size >= KEPT_STATEMENTS) kept.clear();
    const statement = database.prepare(sql.replace(LOCK, ""));
    kept.set(sql, statement);
    return statement;
  };
  const answer = ({ sql, values, wants }: Statement): Answer => {
    const statement = prepared(sql);
    if (wants === "rows") return { rows: statement.all(...values), changes: 0 };
    return { rows: NO_ROWS, changes: Number(statement.run(...values).changes) };
  };
  return (steps) => {
    let step = steps.next();
    while (!step.done) step = steps.next(answer(step.value));
    return step.value;
  };
}

const NO_ROWS: Answer["rows"] = [];
