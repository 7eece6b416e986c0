import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Check } from "typebox/schema";
import type { Json, JsonObject } from "#json";
import { LIMITS } from "#limits";
import { parameters, startCodes, startFaults } from "#testing/start";

const codesOf = (schema: JsonObject, value: Json): string[] => startCodes(parameters({ p: schema }), { p: value });

/** keyword -> [schema, values that pass, values that fail with these faults]. */
const CASES: readonly (readonly [JsonObject, readonly Json[], readonly (readonly [Json, ...string[]])[]])[] = [
  [
    { enum: ["a", 1, { x: [1] }] },
    ["a", 1, { x: [1] }],
    [
      ["b", "/input/p enum"],
      [{ x: [2] }, "/input/p enum"],
    ],
  ],
  [{ const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [[{ a: 1 }, "/input/p const"]]],
  [
    { minLength: 2, maxLength: 3 },
    ["ab", "😀😀", "😀😀😀", 5],
    [
      ["😀", "/input/p min_length"],
      ["abcd", "/input/p max_length"],
      ["", "/input/p min_length"],
    ],
  ],
  [
    { minimum: 1, maximum: 2 },
    [1, 2, 1.5, "0"],
    [
      [0.9, "/input/p minimum"],
      [2.1, "/input/p maximum"],
    ],
  ],
  [
    { exclusiveMinimum: 1, exclusiveMaximum: 2 },
    [1.5],
    [
      [1, "/input/p exclusive_minimum"],
      [2, "/input/p exclusive_maximum"],
    ],
  ],
  [
    { multipleOf: 0.1 },
    [0.3, 1e20, -0.7, 0],
    [
      [0.35, "/input/p multiple_of"],
      [1e-11, "/input/p multiple_of"],
    ],
  ],
  [{ multipleOf: 1e-7 }, [3e-7, 1], [[1.5e-7, "/input/p multiple_of"]]],
  [
    { pattern: "^a+$" },
    ["aa", 5],
    [
      ["ab", "/input/p pattern"],
      ["a\n", "/input/p pattern"],
    ],
  ],
  [{ format: "email" }, ["a@b.example"], [["a", "/input/p format"]]],
  [{ format: "date-time" }, ["2026-01-02T03:04:05Z"], [["2026-13-02T03:04:05Z", "/input/p format"]]],
  [
    { minItems: 1, maxItems: 2 },
    [[1], [1, 2], "x"],
    [
      [[], "/input/p min_items"],
      [[1, 2, 3], "/input/p max_items"],
    ],
  ],
  [
    { uniqueItems: true },
    [[1, "1", { a: 1 }, { a: 2 }], []],
    [
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        "/input/p unique_items",
      ],
    ],
  ],
  [{ uniqueItems: false }, [[1, 1]], []],
  [
    { prefixItems: [{ type: "string" }], items: { type: "integer" } },
    [["a", 1, 2], []],
    [[[1, "a"], "/input/p/0 type", "/input/p/1 type"]],
  ],
  [{ prefixItems: [{}], items: false }, [[1]], [[[1, 2], "/input/p/1 no_value"]]],
  [{ contains: { type: "string" } }, [["a", 1]], [[[1], "/input/p contains"]]],
  [
    { contains: { const: 1 }, minContains: 2, maxContains: 3 },
    [[1, 1]],
    [
      [[1], "/input/p contains"],
      [[1, 1, 1, 1], "/input/p contains"],
    ],
  ],
  [
    { properties: { a: { type: "string" } }, required: ["a", "b"] },
    [{ a: "x", b: 1 }, 5],
    [[{ a: 1 }, "/input/p/a type", "/input/p/b required"]],
  ],
  [{ properties: { a: true }, additionalProperties: false }, [{ a: 1 }], [[{ b: 1 }, "/input/p/b unknown_key"]]],
  [{ properties: { a: true }, additionalProperties: { type: "string" } }, [{ a: 1, b: "x" }], [[{ b: 1 }, "/input/p/b type"]]],
  [{ propertyNames: { maxLength: 1 } }, [{ a: 1 }], [[{ ab: 1 }, "/input/p/ab property_names"]]],
  [
    { minProperties: 1, maxProperties: 1 },
    [{ a: 1 }],
    [
      [{}, "/input/p min_properties"],
      [{ a: 1, b: 1 }, "/input/p max_properties"],
    ],
  ],
  [{ dependentRequired: { a: ["b"] } }, [{}, { a: 1, b: 1 }], [[{ a: 1 }, "/input/p/b required"]]],
  [{ dependentSchemas: { a: { required: ["b"] } } }, [{ b: 1 }, { a: 1, b: 1 }], [[{ a: 1 }, "/input/p/b required"]]],
  [{ allOf: [{ type: "string" }, { minLength: 2 }] }, ["ab"], [["a", "/input/p min_length"]]],
  [
    { anyOf: [{ type: "string", pattern: "^a" }, { type: "integer" }] },
    ["a", 1],
    [
      ["b", "/input/p any_of"],
      [1.5, "/input/p any_of"],
    ],
  ],
  [{ oneOf: [{ minimum: 2 }, { maximum: 3 }] }, [1, 4], [[2, "/input/p one_of"]]],
  [{ not: { type: "string" } }, [1], [["a", "/input/p not"]]],
  [
    { if: { type: "string" }, then: { minLength: 2 }, else: { minimum: 2 } },
    ["ab", 2, []],
    [
      ["a", "/input/p min_length"],
      [1, "/input/p minimum"],
    ],
  ],
  [{ if: { const: 1 } }, [1, 2], []],
  [
    { type: ["string", "integer"] },
    ["a", 1],
    [
      [1.5, "/input/p type"],
      [2 ** 53, "/input/p range"],
    ],
  ],
  [{ type: "string", minLength: 3, enum: ["abc"] }, ["abc"], [[5, "/input/p type"]]],
  [{ type: "string", title: "T", description: "D", examples: [1], "x-hint": { any: 1 }, $comment: "c", deprecated: true }, ["a"], []],
];

for (const [schema, good, bad] of CASES) {
  test(`${JSON.stringify(schema)}`, () => {
    for (const value of good) assert.deepEqual(codesOf(schema, value), [], JSON.stringify(value));
    for (const [value, ...faults] of bad) assert.deepEqual(codesOf(schema, value), faults, JSON.stringify(value));
  });
}

test("a false schema accepts nothing, a true one everything", () => {
  assert.deepEqual(codesOf({ properties: { a: false, b: true } }, { a: 1, b: 1 }), ["/input/p/a no_value"]);
});

test("$ref leads to a definition of the same schema", () => {
  const schema = parameters(
    { a: { type: "array", items: { $ref: "#/$defs/point" } }, b: { $ref: "#/definitions/a~1b", description: "d" } },
    {
      $defs: { point: { type: "object", properties: { x: { $ref: "#/$defs/number" } } }, number: { type: "number" } },
      definitions: { "a/b": { type: "string" } },
    },
  );
  assert.deepEqual(startCodes(schema, { a: [{ x: 1 }, { x: "1" }], b: 1 }), ["/input/a/1/x type", "/input/b type"]);
});

test("messages show what was expected and what came", () => {
  const shown = (schema: JsonObject, value: Json) =>
    startFaults(parameters({ p: schema }), { p: value }).map(({ expected, received }) => `${expected} / ${received}`);
  assert.deepEqual(shown({ enum: ["a", "b"] }, "c"), ['one of "a", "b" / "c"']);
  assert.deepEqual(shown({ enum: Array.from({ length: 12 }, (_, index) => index) }, 99), ["one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … / 99"]);
  assert.deepEqual(shown({ const: "a" }, "x".repeat(41)), ['"a" / 41 characters']);
  assert.deepEqual(shown({ minimum: 5 }, 4), [">= 5 / 4"]);
  assert.deepEqual(shown({ maxLength: 1 }, "ab"), ["at most 1 characters / 2 characters"]);
  assert.deepEqual(shown({ uniqueItems: true }, [1, 2, 1]), ["distinct items / equal items at 0 and 2"]);
  assert.deepEqual(shown({ anyOf: [{ type: "string" }, { type: "null" }] }, [1]), ["a value that matches one of 2 alternatives / 1 items"]);
  assert.deepEqual(shown({ pattern: "^a$" }, "\ud800\n"), ['string matching ^a$ / "\\ud800\\n"']);
});

test("a text of 8192 characters can match a format, a longer one cannot", () => {
  const limit = LIMITS.formatCharacters.value;
  const uri = "https://a.example/".padEnd(limit, "x");
  assert.deepEqual(codesOf({ format: "uri" }, uri), []);
  assert.deepEqual(codesOf({ format: "uri" }, `${uri}x`), ["/input/p format"]);
});

/** Schemas of keywords in which the schema library agrees with the specification (its multipleOf has a tolerance). */
const { schema } = fc.letrec<{ schema: JsonObject | boolean; leaf: JsonObject }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ type: fc.constantFrom("string", "number", "boolean", "null", "array", "object", ["string", "null"]) }),
    fc.record({ enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: fc.constantFrom(0, "a", null, [1], { a: 1 }) }),
    fc.record({ minLength: fc.nat(2), maxLength: fc.nat(3), pattern: fc.constantFrom("a", "^b", "[0-9]$") }, { requiredKeys: [] }),
    fc.record({ minimum: fc.integer({ min: -1, max: 1 }), exclusiveMaximum: fc.integer({ min: 0, max: 3 }) }, { requiredKeys: [] }),
    fc.record({ minItems: fc.nat(2), maxItems: fc.nat(2), uniqueItems: fc.boolean() }, { requiredKeys: [] }),
    fc.record(
      { required: fc.subarray(["a", "b"]), maxProperties: fc.nat(2), dependentRequired: fc.constant({ a: ["b"] }) },
      { requiredKeys: [] },
    ),
  ) as fc.Arbitrary<JsonObject>,
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie("leaf"),
    fc.boolean(),
    fc.record(
      { properties: fc.dictionary(fc.constantFrom("a", "b"), tie("schema")), additionalProperties: tie("schema") },
      { requiredKeys: [] },
    ),
    fc.record(
      { items: tie("schema"), prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }), contains: tie("schema") },
      { requiredKeys: [] },
    ),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }), not: tie("schema") }, { requiredKeys: [] }),
    fc.record(
      { allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }), oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) },
      { requiredKeys: [] },
    ),
    fc.record({ if: tie("schema"), then: tie("schema"), else: tie("schema"), propertyNames: tie("schema") }, { requiredKeys: ["if"] }),
  ) as fc.Arbitrary<JsonObject | boolean>,
}));

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, 1, -1, 1.5, "", "a", "ba", "b1", "abcd"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")),
  ) as fc.Arbitrary<Json>,
}));

test("the verdict agrees with the schema library's", () => {
  fc.assert(
    fc.property(schema, value, (tried, candidate) => {
      // Wrapped, so that null is a value and not an absent parameter.
      const passes = codesOf({ prefixItems: [tried] }, [candidate]).length === 0;
      assert.equal(passes, Check({ prefixItems: [tried] } as never, [candidate]));
    }),
    { numRuns: 5000 },
  );
});
