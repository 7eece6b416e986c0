import { isJsonObject, type Json } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";
import type { Config } from "#database/config";
import { DEFAULT_MAX_ROWS, DEFAULT_TIMEOUT_MS, MAX_RESULT_BYTES, MAX_ROWS, MAX_TIMEOUT_MS, MAX_VALUES } from "#database/limits";
import { spec } from "#database/spec";
import { parseStatement } from "#database/statement";
import type { BoundValue, DatabaseQuery } from "#kit/databases";
import { defineEffect } from "#kit/executor";

export const executor = defineEffect<Config>(spec, async (config, { capabilities, signal, timeoutMs }) => {
  const { connection, write = null, maxRows } = config;
  if (connection === undefined) throw new TerminalError("missing_reference", "The node names no connection to a database.");
  const { rows, rowCount, columns, truncated } = await capabilities.databases.query({
    connection,
    ...bind(config),
    write,
    maxRows: rowsAtMost(maxRows),
    maxBytes: MAX_RESULT_BYTES,
    signal,
    timeoutMs: Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS),
  });
  return { verb: "continue", output: { rows: [...rows], rowCount, columns: [...columns], truncated } };
});

/** The texts of the statement and the values between them; a list stands for its elements. */
function bind({ sql, params = {} }: Config): Pick<DatabaseQuery, "texts" | "values"> {
  const { texts, names } = typeof sql === "string" ? parseStatement(sql) : { texts: sql, names: sql.slice(1).map((_, index) => index) };
  const given = params as { readonly [name: string | number]: Json };
  const [first = "", ...rest] = texts;
  const bound = { texts: [first], values: [] as BoundValue[] };
  for (const [index, name] of names.entries()) {
    const elements = elementsOf(given[name] ?? null, `params.${name}`);
    bound.values.push(...elements);
    bound.texts.push(...elements.slice(1).map(() => ", "), rest[index] ?? "");
  }
  if (bound.values.length > MAX_VALUES)
    throw new TerminalError(
      "limit_exceeded",
      `${bound.values.length} values are bound, elements of lists included; ${MAX_VALUES} is the most.`,
    );
  return bound;
}

/** An empty list is a null: `x IN (NULL)` matches nothing. */
function elementsOf(value: Json, at: string): readonly BoundValue[] {
  if (!Array.isArray(value)) return [scalarOf(value)];
  if (value.some(Array.isArray)) throw new TerminalError("type_error", `${at} is a list of lists, which cannot be bound.`);
  return value.length === 0 ? [null] : value.map(scalarOf);
}

/** Objects are bound as their JSON. */
function scalarOf(value: Json): BoundValue {
  return isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : (value as BoundValue);
}

function rowsAtMost(value: Json = null): number {
  if (value === null) return DEFAULT_MAX_ROWS;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_ROWS) return value;
  throw new TerminalError(
    "type_error",
    `maxRows must be a whole number from 1 to ${MAX_ROWS}, and it is ${typeof value === "number" ? value : describe(value)}.`,
  );
}
