import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import pg from "pg";
import { databaseOf } from "#testing/store-database";

type Row = { readonly [column: string]: unknown };

/** Another program's hand on the data that belongs to the data directory: one statement, `?` for each value. Answers the rows that it returns. */
export async function inData(dataDir: string, sql: string, ...values: readonly SQLInputValue[]): Promise<readonly Row[]> {
  const url = await databaseOf(dataDir);
  if (url === null) {
    using database = new DatabaseSync(join(dataDir, "millrace.db"));
    return database.prepare(sql).all(...values);
  }
  let bound = 0;
  const numbered = sql.replaceAll("?", () => {
    bound += 1;
    return `$${bound}`;
  });
  return (await query(url, numbered, values)).rows;
}

/** Makes of a stop what a death leaves: whoever takes over finds that the process had not let its runs go. */
export async function makeDeath(dataDir: string): Promise<void> {
  const left = "ended_at IS NULL AND (owner = '' OR owner IN (SELECT owner FROM workers))";
  await inData(dataDir, `UPDATE runs SET owner = 'orphaned' WHERE ${left}`);
}

/** All that is kept: the bytes of each file of the data directory, and where the data is in PostgreSQL also its rows. */
export async function keptTexts(dataDir: string): Promise<readonly { readonly where: string; readonly text: string }[]> {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => ({ where: name, text: readFileSync(join(parentPath, name), "latin1") }));
  const url = await databaseOf(dataDir);
  return url === null ? texts : [...texts, ...(await tables(url))];
}

async function tables(url: string): Promise<readonly { readonly where: string; readonly text: string }[]> {
  const names = await query(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'", []);
  const texts = [];
  for (const { name } of names.rows) {
    const rows = await query(url, `SELECT CAST(kept AS TEXT) AS line FROM ${String(name)} AS kept`, []);
    texts.push({ where: String(name), text: rows.rows.map(({ line }) => readable(String(line))).join("\n") });
  }
  return texts;
}

/** Bytes are written as digits, which would hide a text. */
function readable(line: string): string {
  return line.replaceAll(/\\x([0-9a-f]+)/g, (_, digits: string) => Buffer.from(digits, "hex").toString("latin1"));
}

async function query(url: string, sql: string, values: readonly unknown[]): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Row>(sql, [...values]);
  } finally {
    await client.end();
  }
}
