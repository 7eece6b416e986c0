import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { withPostgres } from "../../../packages/server/src/testing/postgres-rows.ts";
import { placeOf } from "./forms.ts";

export type Row = { readonly [column: string]: unknown };

/** What the servers on a data directory keep, seen from outside. Values stand as `?` in a statement. */
export interface Database {
  rows(sql: string, ...values: readonly SQLInputValue[]): Promise<readonly Row[]>;
  tables(): Promise<readonly string[]>;
  columns(table: string): Promise<readonly string[]>;
}

/** The database of the form that is checked. */
export async function withDatabase<T>(dataDir: string, use: (database: Database) => Promise<T>): Promise<T> {
  const place = await placeOf(dataDir);
  return place ? onPostgres(place.databaseUrl, use) : onSqlite(join(dataDir, "millrace.db"), use);
}

/** Every row of every table, as `table` and what it holds. */
export async function allRows(database: Database): Promise<readonly { readonly table: string; readonly row: Row }[]> {
  const all = [];
  for (const table of await database.tables()) for (const row of await database.rows(`SELECT * FROM ${table}`)) all.push({ table, row });
  return all;
}

async function onSqlite<T>(file: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file);
  const names = (sql: string, ...values: SQLInputValue[]) =>
    database
      .prepare(sql)
      .all(...values)
      .map(({ name }) => String(name));
  try {
    return await use({
      rows: async (sql, ...values) => database.prepare(sql).all(...values),
      tables: async () => names("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"),
      columns: async (table) => names("SELECT name FROM pragma_table_info(?)", table),
    });
  } finally {
    database.close();
  }
}

function onPostgres<T>(url: string, use: (database: Database) => Promise<T>): Promise<T> {
  return withPostgres(url, (ask) => {
    const rows: Database["rows"] = (sql, ...values) => {
      let place = 0;
      return ask(
        sql.replaceAll("?", () => `$${++place}`),
        ...values,
      );
    };
    const names = async (sql: string, ...values: readonly SQLInputValue[]) => (await rows(sql, ...values)).map(({ name }) => String(name));
    const ours = "table_schema = 'public'";
    return use({
      rows,
      tables: () => names(`SELECT table_name AS name FROM information_schema.tables WHERE ${ours} ORDER BY table_name`),
      columns: (table) =>
        names(
          `SELECT column_name AS name FROM information_schema.columns WHERE ${ours} AND table_name = ? ORDER BY ordinal_position`,
          table,
        ),
    });
  });
}
