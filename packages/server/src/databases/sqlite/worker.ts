// The program of a process that has one SQLite file open: a statement that takes too long is stopped by ending it, which nothing else could.
import { constants, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Json } from "@millrace/contract";
import type { BoundValue } from "@millrace/nodes";
import { SQLITE_MEMORY_BYTES } from "#databases/limits";
import { RowCollector } from "#databases/row-collector";
import type { SqliteAnswer, SqliteAsk } from "#databases/sqlite/protocol";
import { bytes, floating, wholeNumber } from "#databases/values";

const [, , file = "", mode] = process.argv;
const database = new DatabaseSync(file, {
  readOnly: mode === "read",
  allowExtension: false,
  timeout: 5_000,
  readBigInts: true,
  returnArrays: true,
});
database.exec(`PRAGMA hard_heap_limit = ${SQLITE_MEMORY_BYTES}; PRAGMA trusted_schema = OFF`);

/** Pragmas that only tell, each also as a table of its name. */
const TELLING: ReadonlySet<string> = new Set([
  "table_info",
  "table_xinfo",
  "table_list",
  "index_list",
  "index_info",
  "index_xinfo",
  "foreign_key_list",
]);

/** What a statement that changes nothing is made of. */
const READING: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);

/** Other files, and transactions that would stay open after their statement. */
const NEVER: ReadonlySet<number> = new Set([
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
]);

function authorize(readOnly: boolean): void {
  database.setAuthorizer((action, name) => {
    if (action === constants.SQLITE_PRAGMA) return TELLING.has(String(name).toLowerCase()) ? constants.SQLITE_OK : constants.SQLITE_DENY;
    if (NEVER.has(action) || (readOnly && !READING.has(action))) return constants.SQLITE_DENY;
    return constants.SQLITE_OK;
  });
}

/** The library compiles the first statement of a text, and says nothing of the rest. */
const NOTHING = /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*$/;

function run({ sql, values, readOnly, maxRows, maxBytes }: SqliteAsk): SqliteAnswer {
  authorize(readOnly);
  try {
    const statement = database.prepare(sql);
    if (!NOTHING.test(sql.slice(statement.sourceSQL.length))) return { refusal: "there is more than one", isDenied: false };
    return { rows: rowsOf(statement, values.map(bindable), new RowCollector(maxRows, maxBytes)) };
  } catch (error) {
    const { message, errcode } = error as Error & { readonly errcode?: number };
    return { refusal: `${message}${errcode === undefined ? "" : ` (SQLite ${errcode})`}`, isDenied: DENIED.has((errcode ?? 0) & 0xff) };
  }
}

/** SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH. */
const DENIED: ReadonlySet<number> = new Set([3, 8, 23]);

function rowsOf(statement: StatementSync, values: readonly SQLInputValue[], collector: RowCollector) {
  const columns = statement.columns().map(({ name }) => name);
  if (columns.length === 0) return collector.answer(columns, Number(statement.run(...values).changes));
  for (const row of statement.iterate(...values) as Iterable<unknown> as Iterable<readonly unknown[]>)
    if (!collector.add(columns, row.map(jsonOf))) break;
  return collector.answer(columns);
}

/** A double would be stored as one; a boolean is a number here. */
function bindable(value: BoundValue): SQLInputValue {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function jsonOf(value: unknown): Json {
  if (typeof value === "bigint") return wholeNumber(value);
  if (typeof value === "number") return floating(value);
  return value instanceof Uint8Array ? bytes(value) : (value as Json);
}

process.on("message", (ask: SqliteAsk) => process.send?.(run(ask)));
// Whoever asked is gone.
process.on("disconnect", () => process.exit());
process.send?.("ready");
