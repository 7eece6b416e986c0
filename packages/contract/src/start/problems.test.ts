import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "#json";
import { LIMITS } from "#limits";
import { parameters, startProblems } from "#testing/start";

const problemsOf = (schema: JsonObject): string[] => startProblems(schema).map(({ path, code }) => `${path} ${code}`);

const PARAMETER: readonly (readonly [JsonObject, string])[] = [
  [{ patternProperties: { a: {} } }, "/properties/p/patternProperties unsupported_keyword"],
  [{ unevaluatedProperties: false }, "/properties/p/unevaluatedProperties unsupported_keyword"],
  [{ constructor: 1 }, "/properties/p/constructor unsupported_keyword"],
  [{ minLenght: 1 }, "/properties/p/minLenght unsupported_keyword"],
  [{ format: "hostname" }, "/properties/p/format unsupported_format"],
  [{ format: 1 }, "/properties/p/format unsupported_format"],
  [{ type: "text" }, "/properties/p/type invalid_keyword"],
  [{ type: [] }, "/properties/p/type invalid_keyword"],
  [{ minLength: -1 }, "/properties/p/minLength invalid_keyword"],
  [{ maxItems: 1.5 }, "/properties/p/maxItems invalid_keyword"],
  [{ minimum: "1" }, "/properties/p/minimum invalid_keyword"],
  [{ multipleOf: 0 }, "/properties/p/multipleOf invalid_keyword"],
  [{ enum: [] }, "/properties/p/enum invalid_keyword"],
  [{ required: [1] }, "/properties/p/required invalid_keyword"],
  [{ properties: [] }, "/properties/p/properties invalid_keyword"],
  [{ items: [{}] }, "/properties/p/items invalid_keyword"],
  [{ anyOf: [] }, "/properties/p/anyOf invalid_keyword"],
  [{ uniqueItems: 1 }, "/properties/p/uniqueItems invalid_keyword"],
  [{ contains: {}, minContains: "1" }, "/properties/p/minContains invalid_keyword"],
  [{ minProperties: "1" }, "/properties/p/minProperties invalid_keyword"],
  [{ dependentRequired: { a: "b" } }, "/properties/p/dependentRequired invalid_keyword"],
  [{ prefixItems: {} }, "/properties/p/prefixItems invalid_keyword"],
  [{ pattern: 1 }, "/properties/p/pattern invalid_keyword"],
  [{ pattern: "(" }, "/properties/p/pattern invalid_pattern"],
  [{ pattern: "(?=a)" }, "/properties/p/pattern invalid_pattern"],
  [
    { items: { anyOf: [{ properties: { "a/b": { pattern: "\\1" } } }] } },
    "/properties/p/items/anyOf/0/properties/a~1b/pattern invalid_pattern",
  ],
  [{ if: true, then: { minLength: "" } }, "/properties/p/then/minLength invalid_keyword"],
  [{ type: "integer", default: "3" }, "/properties/p/default invalid_default"],
  [{ $ref: "#/$defs/missing" }, "/properties/p/$ref invalid_ref"],
  [{ $ref: "https://example.com/schema" }, "/properties/p/$ref invalid_ref"],
  [{ $ref: "#/properties/p" }, "/properties/p/$ref invalid_ref"],
  [{ "x-file": "pdf" }, "/properties/p/x-file invalid_keyword"],
  [{ "x-file": "doc", minLength: 1 }, "/properties/p/minLength unsupported_keyword"],
  [{ anyOf: [{ "x-file": "doc" }] }, "/properties/p/anyOf/0/x-file unsupported_keyword"],
];

for (const [schema, problem] of PARAMETER) {
  test(`${JSON.stringify(schema)} is refused on publishing`, () => assert.deepEqual(problemsOf(parameters({ p: schema })), [problem]));
}

const ROOT: readonly (readonly [JsonObject, string])[] = [
  [{ type: "array" }, "/type invalid_keyword"],
  [{ properties: [] }, "/properties invalid_keyword"],
  [{ properties: {}, required: ["a"] }, "/required invalid_keyword"],
  [{ required: "a" }, "/required invalid_keyword"],
  [{ additionalProperties: { type: "string" } }, "/additionalProperties invalid_keyword"],
  [{ enum: [{}] }, "/enum unsupported_keyword"],
  [{ $ref: "#/$defs/x", $defs: { x: {} } }, "/$ref unsupported_keyword"],
  [{ patternProperties: {} }, "/patternProperties unsupported_keyword"],
  [{ anyOf: [{ minLength: "x" }] }, "/anyOf/0/minLength invalid_keyword"],
  [{ properties: { p: 5 } }, "/properties/p invalid_keyword"],
];

for (const [schema, problem] of ROOT) {
  test(`the root ${JSON.stringify(schema)} is refused on publishing`, () => assert.deepEqual(problemsOf(schema), [problem]));
}

test("a problem's message names the keyword and the fix", () => {
  const [problem] = startProblems(parameters({ p: { minLength: "2" } }));
  assert.equal(problem?.message, "minLength must be a whole number, 0 or more");
});

test("every problem is reported, not only the first", () => {
  assert.equal(startProblems(parameters({ a: { type: "x" }, b: { pattern: "(" }, c: { nonsense: 1 } })).length, 3);
});

test("a reference that leads back to itself is refused, however long the way", () => {
  const $defs = { a: { items: { $ref: "#/$defs/b" } }, b: { anyOf: [{ $ref: "#/$defs/a" }] }, self: { $ref: "#/$defs/self" } };
  assert.deepEqual(problemsOf(parameters({ p: { $ref: "#/$defs/a" } }, { $defs })), ["/$defs/b/anyOf/0/$ref invalid_ref"]);
  assert.deepEqual(problemsOf(parameters({ p: { $ref: "#/$defs/self" } }, { $defs })), ["/$defs/self/$ref invalid_ref"]);
});

test("a schema may have 2000 sub-schemas with references written out, not more", () => {
  const wide = (count: number) => parameters({ p: { anyOf: Array(count).fill({}) } });
  const limit = LIMITS.startSchemas.value - 1;
  assert.deepEqual(problemsOf(wide(limit)), []);
  assert.deepEqual(problemsOf(wide(limit + 1)), [`/properties/p/anyOf/${limit} schema_too_large`]);
  const bomb = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`d${index}`, { allOf: Array(2).fill({ $ref: `#/$defs/d${index + 1}` }) }]),
  );
  const problems = problemsOf(parameters({ p: { $ref: "#/$defs/d0" } }, { $defs: { ...bomb, d30: {} } }));
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /schema_too_large$/);
});

test("a schema may be 64 deep, not deeper", () => {
  const deep = (depth: number): JsonObject => (depth === 0 ? {} : { items: deep(depth - 1) });
  assert.deepEqual(problemsOf(parameters({ p: deep(LIMITS.startSchemaDepth.value) })), []);
  assert.match(problemsOf(parameters({ p: deep(LIMITS.startSchemaDepth.value + 1) }))[0] ?? "", /schema_too_large$/);
});
