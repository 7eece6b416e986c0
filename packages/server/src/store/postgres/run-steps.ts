import type { ClientBase, Pool } from "pg";
import { spelled } from "#store/postgres/texts";
import type { Row, SqlValue } from "#store/sql/rows";
import type { Answer, Statement, Steps } from "#store/sql/steps";

/** Statements whose spelling is kept: lists are asked for in many forms. */
const KEPT_SPELLINGS = 2_000;

const SPELLINGS = new Map<string, string>();

/** Runs steps to their end, a statement after the other. Rejects with what a statement or the steps themselves throw. */
export async function runSteps<T>(database: ClientBase | Pool, steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) step = steps.next(await answer(database, step.value));
  return step.value;
}

async function answer(database: ClientBase | Pool, { sql, values }: Statement): Promise<Answer> {
  const { rows, rowCount } = await database.query<Row>(spelling(sql), values.map(bound));
  return { rows, changes: rowCount ?? 0 };
}

function bound(value: SqlValue): SqlValue {
  return typeof value === "string" ? spelled(value) : value;
}

/** As PostgreSQL says it: values are numbered, and its planner has statistics of its own. */
function spelling(sql: string): string {
  const known = SPELLINGS.get(sql);
  if (known !== undefined) return known;
  let values = 0;
  const spelled = sql.replaceAll(/ INDEXED BY \w+/g, "").replaceAll("?", () => {
    values += 1;
    return `$${values}`;
  });
  if (SPELLINGS.size >= KEPT_SPELLINGS) SPELLINGS.clear();
  SPELLINGS.set(sql, spelled);
  return spelled;
}
