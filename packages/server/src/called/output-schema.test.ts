import assert from "node:assert/strict";
import { test } from "node:test";
import { outputSchema } from "#called/output-schema";

const input = {
  type: "object",
  properties: {
    given: { type: "integer" },
    maybe: { type: "string" },
    usual: { type: "boolean", default: true },
    scan: { "x-file": "doc" },
  },
  required: ["given", "scan"],
};
const end = (output: object | string) => ({ type: "end", output }) as never;
const properties = (output: object) => outputSchema([end(output)], input)["properties"];

test("a text is the member output", () => {
  const text = { type: "object", properties: { output: { type: "string" } }, required: ["output"] };
  assert.deepEqual(outputSchema([{ type: "end", text: "{{ a.b }}" }], input), text);
});

test("types are those that are certain", () => {
  assert.deepEqual(
    properties({ a: 1, b: true, c: null, d: [1], e: { f: 1 }, g: "x", h: "a {{ n.x }}", i: "{{ n.x }}", j: " {{ n.x }}\n" }),
    {
      a: { type: "number" },
      b: { type: "boolean" },
      c: {},
      d: { type: "array" },
      e: { type: "object" },
      g: { type: "string" },
      h: { type: "string" },
      i: {},
      j: {},
    },
  );
});

test("what comes from Start as it is has its schema, where it is always there and means the same elsewhere", () => {
  const given = { a: "{{ start.given }}", b: "{{start.usual}}", c: "{{ start.maybe }}", d: "{{ start.scan }}", e: "{{ start.given + 1 }}" };
  assert.deepEqual(properties(given), { a: { type: "integer" }, b: { type: "boolean", default: true }, c: {}, d: {}, e: {} });
});

test("of several ends, what is in each is there; an expression that makes the members says nothing", () => {
  assert.deepEqual(outputSchema([end({ a: 1, b: "x" }), end({ a: 2, b: 3, c: true })], input), {
    type: "object",
    properties: { a: { type: "number" }, b: {}, c: { type: "boolean" } },
    required: ["a", "b"],
  });
  assert.deepEqual(outputSchema([end({ a: 1 }), end("{{ n.x }}")], input), { type: "object" });
  assert.deepEqual(outputSchema([], input), { type: "object" });
});
