import type { ClientBase, Pool } from "pg";
import { spelled } from "#store/postgres/texts";
import type { Row, SqlValue } from "#store/sql/rows";
import type { Answer, Statement, Steps } from "#store/sql/steps";

/** Statements whose spelling is kept: lists are asked for in many forms. */
const KEPT_SPELLINGS = 2_000;

/** Asked for so often, a statement gets a name: the database reads and plans it once for each connection. */
const NAMED_FROM = 16;

/** Each of them takes some kilobytes of every connection, for as long as that lasts. */
const MOST_NAMES = 250;

interface Spelling {
  readonly text: string;
  uses: number;
  name: string | undefined;
}

const SPELLINGS = new Map<string, Spelling>();
let names = 0;

/** Steps up to their first statement, or their end. */
export type Begun<T> = ReturnType<Steps<T>["next"]>;

/** Runs steps to their end, a statement after the other. Rejects with what a statement or the steps themselves throw. */
export async function runSteps<T>(database: ClientBase | Pool, steps: Steps<T>, begun: Begun<T> = steps.next()): Promise<T> {
  let step = begun;
  while (!step.done) step = steps.next(await answer(database, step.value));
  return step.value;
}

async function answer(database: ClientBase | Pool, { sql, values }: Statement): Promise<Answer> {
  const { name, text } = spelling(sql);
  const query = { ...(name !== undefined && { name }), text, values: values.map(bound) };
  const { rows, rowCount } = await database.query<Row>(query);
  return { rows, changes: rowCount ?? 0 };
}

function bound(value: SqlValue): SqlValue {
  return typeof value === "string" ? spelled(value) : value;
}

function spelling(sql: string): Spelling {
  const known = SPELLINGS.get(sql) ?? spelledOut(sql);
  known.uses += 1;
  if (known.uses === NAMED_FROM && names < MOST_NAMES) {
    names += 1;
    known.name = `millrace_${names}`;
  }
  return known;
}

/** As PostgreSQL says it: values are numbered, and its planner has statistics of its own. */
function spelledOut(sql: string): Spelling {
  let values = 0;
  const text = sql.replaceAll(/ INDEXED BY \w+/g, "").replaceAll("?", () => {
    values += 1;
    return `$${values}`;
  });
  // Those with a name keep it: it says the same on every connection.
  if (SPELLINGS.size >= KEPT_SPELLINGS) for (const [other, { name }] of SPELLINGS) if (name === undefined) SPELLINGS.delete(other);
  const spelled = { text, uses: 0, name: undefined };
  SPELLINGS.set(sql, spelled);
  return spelled;
}
