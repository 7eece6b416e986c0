import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { compileExpression } from "#expression/compile";
import { FUNCTIONS, METHODS } from "#expression/functions";
import type { Parameter, ParameterType } from "#expression/functions/parameter";
import type { FunctionRow } from "#expression/functions/row";
import { sampleCall } from "#expression/functions/sample-call";
import { signature } from "#expression/functions/signature";
import { errorOf, evaluate, scopeOf } from "#expression/testing/evaluate";
import { FUNCTION_DATA as DATA, FUNCTION_TABLES as TABLES } from "#expression/testing/function-examples";
import { checkTable, rowsOf } from "#expression/testing/table";

for (const [theme, table] of Object.entries(TABLES)) test(`${theme} functions and methods`, () => checkTable(table, DATA));

/** Rows that give a value, as `name(` of a function or `.name(` of a method. */
const SUCCEEDING = Object.values(TABLES)
  .flatMap(rowsOf)
  .filter(({ expected }) => !expected.startsWith("!"))
  .map(({ source }) => source)
  .join("\n");

for (const row of [...FUNCTIONS, ...METHODS]) {
  const title = signature(row);

  test(`${title}: has a row, a doc and a signature`, () => {
    const called = row.on === null ? new RegExp(`(?<![.\\w])${row.name.replaceAll(".", "\\.")}\\(`) : new RegExp(`\\.${row.name}\\(`);
    // What depends on time, seed and zone data has tests of its own.
    if (!["now", "uuid", "parseDate", "formatDate"].includes(row.name)) assert.match(SUCCEEDING, called);
    assert.match(row.doc, /^["A-Z−\d].*(?:\.|\?)$/);
    assert.ok(row.cost >= 1);
  });

  test(`${title}: null for a value that is needed gives null`, () => {
    for (const [index, parameter] of withReceiver(row).entries()) {
      if (parameter.type === "any" || parameter.type === "callback" || parameter.mode === "optional") continue;
      assert.equal(evaluateWith(row, index, null), null, parameter.name);
    }
  });

  test(`${title}: a value of another type is refused`, () => {
    for (const [index, parameter] of withReceiver(row).entries()) {
      for (const wrong of WRONG[parameter.type]) {
        const isReceiver = row.on !== null && index === 0;
        if (isReceiver && hasMethod(row.name, wrong)) continue;
        const error = errorWith(row, index, wrong);
        assert.equal(error.code, isReceiver ? "unknown_method" : "bad_argument", `${parameter.name} = ${JSON.stringify(wrong)}`);
        assert.equal(error.type, "expression_error");
      }
    }
  });

  test(`${title}: the sample call of the editor compiles`, () => {
    const { insert, caret } = sampleCall(row);
    const result = compileExpression(row.on === null ? insert : `value.${insert}`, scopeOf({ value: null }));
    assert.ok(result.ok, JSON.stringify(result));
    assert.ok(caret > row.name.length && caret <= insert.length);
  });
}

test("methods of one name take the same number of arguments on every receiver", () => {
  for (const row of METHODS) {
    for (const other of METHODS.filter(({ name }) => name === row.name)) {
      assert.deepEqual(
        other.parameters.map(({ mode }) => mode),
        row.parameters.map(({ mode }) => mode),
        row.name,
      );
    }
  }
});

test("no function or method has two rows", () => {
  const names = [...FUNCTIONS, ...METHODS].map((row) => `${row.on ?? ""}.${row.name}`);
  assert.equal(new Set(names).size, names.length);
});

const RIGHT: { readonly [type in Exclude<ParameterType, "callback">]: Json } = {
  any: 1,
  string: "a",
  text: "a",
  number: 1,
  integer: 1,
  boolean: true,
  list: [[1, 1]],
  object: { a: [1] },
};

const WRONG: { readonly [type in ParameterType]: readonly Json[] } = {
  any: [],
  text: [],
  callback: [],
  string: [1, true, [1], { a: 1 }],
  number: ["a", true, [1], { a: 1 }],
  integer: ["1", false, [1], { a: 1 }],
  boolean: ["true", 1, [true], {}],
  list: ["a", 1, true, { a: 1 }],
  object: ["a", 1, true, [1]],
};

const RECEIVER_TYPES = { string: "string", list: "list", object: "object", number: "number", boolean: "boolean", any: "any" } as const;

type Place = Pick<Parameter<unknown>, "name" | "type" | "mode">;

function withReceiver(row: FunctionRow): readonly Place[] {
  if (row.on === null) return row.parameters;
  return [{ name: "receiver", type: RECEIVER_TYPES[row.on], mode: "required" }, ...row.parameters];
}

function hasMethod(name: string, value: Json): boolean {
  const on = Array.isArray(value) ? "list" : typeof value;
  return METHODS.some((row) => row.name === name && (row.on === on || row.on === "any"));
}

/** A call with good arguments, all read from the data so that the compiler knows nothing of them, but for one. */
function callWith(row: FunctionRow, index: number, value: Json): { source: string; data: JsonObject } {
  const data: { [name: string]: Json } = {};
  const places = withReceiver(row).filter((place, at) => place.mode === "required" || at <= index);
  const args = places.map((place, at) => {
    if (place.type === "callback") return "() => 1";
    data[`a${at}`] = at === index ? value : RIGHT[place.type];
    return `a${at}`;
  });
  const [receiver, ...others] = args;
  return { source: row.on === null ? `${row.name}(${args.join(", ")})` : `${receiver}.${row.name}(${others.join(", ")})`, data };
}

function evaluateWith(row: FunctionRow, index: number, value: Json): Json {
  const { source, data } = callWith(row, index, value);
  return evaluate(source, data);
}

function errorWith(row: FunctionRow, index: number, value: Json): ReturnType<typeof errorOf> {
  const { source, data } = callWith(row, index, value);
  return errorOf(source, data);
}
