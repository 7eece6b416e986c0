import assert from "node:assert/strict";
import type { Json, JsonObject } from "@millrace/contract";
import { ExpressionError } from "#expression/errors";
import { evaluate } from "#expression/testing/evaluate";

export interface TableRow {
  readonly source: string;
  /** JSON of the value, or `!` and the code of the error. */
  readonly expected: string;
}

/** Reads lines of `expression => JSON value` or `expression => !error_code`; empty lines and lines beginning with # are left out. */
export function rowsOf(table: string): readonly TableRow[] {
  const lines = table.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const at = line.lastIndexOf(" => ");
    assert.ok(at > 0, `no " => " in: ${line}`);
    return { source: line.slice(0, at).trim(), expected: line.slice(at + 4).trim() };
  });
}

/** Evaluates every row; all data is known by name only, without types. */
export function checkTable(table: string, data: JsonObject): void {
  for (const { source, expected } of rowsOf(table)) {
    const actual = outcome(source, data);
    if (expected.startsWith("!")) assert.equal(actual, expected, source);
    else assert.deepEqual(actual, JSON.parse(expected), source);
  }
}

function outcome(source: string, data: JsonObject): Json {
  try {
    return evaluate(source, data);
  } catch (error) {
    if (error instanceof ExpressionError) return `!${error.code}`;
    throw error;
  }
}
