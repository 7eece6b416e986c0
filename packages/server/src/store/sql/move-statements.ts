import type { Arrival, MovedKey, MovedTable } from "#store/sql/movable";
import { number, type Row, type SqlValue, text, textOrNull } from "#store/sql/rows";
import { all, one, run, type Steps, upsert } from "#store/sql/steps";

const COLUMNS = "table_name, origin, last_key, moved, done";
const NOTE = upsert("moves", COLUMNS, "table_name");

/** A page of the table's rows. */
export function* readMoved(table: MovedTable, columns: readonly string[], after: MovedKey | null, limit: number): Steps<readonly Row[]> {
  const key = table.key.join(", ");
  const where = after === null ? "" : ` WHERE (${key}) > (${table.key.map(() => "?").join(", ")})`;
  return yield* all(`SELECT ${columns.join(", ")} FROM ${table.name}${where} ORDER BY ${key} LIMIT ?`, ...(after ?? []), limit);
}

export function* countMoved(table: MovedTable): Steps<number> {
  return number((yield* one(`SELECT count(*) AS count FROM ${table.name}`)) ?? {}, "count");
}

export function* readArrivals(): Steps<readonly Arrival[]> {
  return (yield* all(`SELECT ${COLUMNS} FROM moves`)).map((row) => ({
    table: text(row, "table_name"),
    origin: text(row, "origin"),
    lastKey: keyOf(textOrNull(row, "last_key")),
    rows: number(row, "moved"),
    isDone: row["done"] === 1,
  }));
}

export function* noteArrival({ table, origin, lastKey, rows, isDone }: Arrival): Steps<void> {
  yield* run(NOTE, table, origin, lastKey === null ? null : JSON.stringify(lastKey), rows, isDone ? 1 : 0);
}

export function* forgetArrivals(): Steps<void> {
  yield* run("DELETE FROM moves");
}

/** Where the data comes from that is not whole yet; null: it is whole. */
export function* unfinishedMove(): Steps<string | null> {
  const row = yield* one("SELECT origin FROM moves LIMIT 1");
  return row ? text(row, "origin") : null;
}

/** Keys are texts and numbers. */
function keyOf(json: string | null): MovedKey | null {
  return json === null ? null : (JSON.parse(json) as readonly SqlValue[]);
}
