import assert from "node:assert/strict";
import { test } from "node:test";
import { compileAnswer } from "#answer-schema";
import type { Json, JsonObject } from "#json";

const INVOICE: JsonObject = {
  type: "object",
  properties: { total: { type: "number" }, lines: { type: "array", items: { $ref: "#/$defs/line" } } },
  required: ["total"],
  additionalProperties: false,
  $defs: { line: { type: "object", properties: { name: { type: "string" } } } },
};

function faults(schema: JsonObject, value: Json): readonly string[] {
  const compiled = compileAnswer(schema);
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.check(value, "json").map(({ path, code }) => `${path} ${code}`);
}

test("a value that fits has no faults; every fault says where it is", () => {
  assert.deepEqual(faults(INVOICE, { total: 1, lines: [{ name: "a" }] }), []);
  assert.deepEqual(faults(INVOICE, { total: "1", lines: [{ name: 2 }], more: 1 }), [
    "/json/total type",
    "/json/lines/0/name type",
    "/json/more unknown_key",
  ]);
  assert.deepEqual(faults({ type: "array", items: { type: "string" } }, {}), ["/json type"]);
});

test("patterns, files and recursion are problems of the schema", () => {
  const codes = (schema: JsonObject) => {
    const compiled = compileAnswer(schema);
    return compiled.ok ? [] : compiled.problems.map(({ path, code }) => `${path} ${code}`);
  };
  assert.deepEqual(codes({ type: "string", pattern: "(a+)+$" }), ["/pattern unsupported_keyword"]);
  assert.deepEqual(codes({ properties: { f: { "x-file": "doc" } } }), ["/properties/f/x-file unsupported_keyword"]);
  assert.deepEqual(codes({ $ref: "#/$defs/a", $defs: { a: { items: { $ref: "#/$defs/a" } } } }), ["/$defs/a/items/$ref invalid_ref"]);
  assert.deepEqual(codes({ type: "text" }), ["/type invalid_keyword"]);
});
