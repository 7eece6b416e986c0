import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { LIMITS } from "#limits";
import { fromPointer } from "#pointer";
import { parameters, startCheck, startCodes, startFaults } from "#testing/start";

const NEWS = parameters({ "topic!": { type: "string" }, max: { type: "integer", default: 3 }, note: { type: "string" } });

function values(schema: JsonObject, input: JsonObject): JsonObject {
  const result = startCheck(schema)(input);
  assert.ok(result.ok);
  return result.values;
}

test("values are the declared parameters: given, default, or null", () => {
  assert.deepEqual(values(NEWS, { topic: "tides" }), { topic: "tides", max: 3, note: null });
  assert.deepEqual(values(NEWS, { topic: "", max: null, note: null }), { topic: "", max: 3, note: null });
  assert.deepEqual(values(NEWS, { note: "n", max: 5, topic: "t" }), { topic: "t", max: 5, note: "n" });
  assert.deepEqual(Object.keys(values(NEWS, { note: "n", max: 5, topic: "t" })), ["topic", "max", "note"]);
});

test("W31: no parameters accept an empty input", () => {
  for (const schema of [{}, { type: "object" }, parameters({})]) assert.deepEqual(values(schema, {}), {});
});

test("W19: a required parameter that is absent or null is named with its type", () => {
  for (const [input, received] of [
    [{}, "nothing"],
    [{ topic: null }, "null"],
  ] as const) {
    assert.deepEqual(startFaults(NEWS, input), [
      { path: "/input/topic", code: "required", expected: "string", received, message: `input.topic: expected string, got ${received}` },
    ]);
  }
});

test("the published example: a String takes no number", () => {
  assert.deepEqual(startFaults(NEWS, { topic: 1 }), [
    { path: "/input/topic", code: "type", expected: "string", received: "number", message: "input.topic: expected string, got number" },
  ]);
});

const STRICT_TYPES: readonly (readonly [string, Json, string | null])[] = [
  ["integer", "5", "type"],
  ["integer", 5.5, "type"],
  ["integer", true, "type"],
  ["integer", -0, null],
  ["integer", 5, null],
  ["integer", JSON.parse("5.0"), null],
  ["integer", 9007199254740991, null],
  ["integer", -9007199254740991, null],
  ["integer", 9007199254740992, "range"],
  ["integer", -9007199254740992, "range"],
  ["integer", 1e300, "range"],
  ["number", 5, null],
  ["number", 1e300, null],
  ["number", "5", "type"],
  ["boolean", 1, "type"],
  ["boolean", "true", "type"],
  ["boolean", false, null],
  ["string", 5, "type"],
  ["string", "", null],
  ["object", [], "type"],
  ["object", {}, null],
  ["object", "{}", "type"],
  ["array", {}, "type"],
  ["array", [], null],
  ["array", "x", "type"],
];

for (const [type, value, code] of STRICT_TYPES) {
  test(`${type} ${code === null ? "takes" : "does not take"} ${JSON.stringify(value)}`, () => {
    assert.deepEqual(startCodes(parameters({ "p!": { type } }), { p: value }), code === null ? [] : [`/input/p ${code}`]);
  });
}

test("a range fault shows the number", () => {
  const [fault] = startFaults(parameters({ n: { type: "integer" } }), { n: 9007199254740992 });
  assert.deepEqual([fault?.expected, fault?.received], ["integer within ±9007199254740991", "9007199254740992"]);
});

test("null is a value where the schema names it as a type", () => {
  const schema = parameters({ "a!": { type: ["string", "null"] }, b: { type: ["integer", "null"], default: 4 } });
  assert.deepEqual(values(schema, { a: null, b: null }), { a: null, b: null });
  assert.deepEqual(values(schema, { a: "x" }), { a: "x", b: 4 });
  assert.deepEqual(
    startFaults(schema, { a: 5 }).map(({ expected }) => expected),
    ["string | null"],
  );
  assert.deepEqual(startCodes(schema, {}), ["/input/a required"]);
});

test("wrong array elements are named by their index", () => {
  const schema = parameters({
    list: { type: "array", items: { type: "integer" } },
    deep: { type: "array", items: { type: "array", items: { type: "string" } } },
  });
  assert.deepEqual(startCodes(schema, { list: [1, "2", null, 4.5], deep: [["a"], "b", ["c", 1]] }), [
    "/input/list/1 type",
    "/input/list/2 type",
    "/input/list/3 type",
    "/input/deep/1 type",
    "/input/deep/2/1 type",
  ]);
});

test("faults come in the order of Start, whatever the order of the input", () => {
  const schema = parameters({ "c!": { type: "string" }, a: { type: "integer" }, "b!": { type: "boolean" } });
  assert.deepEqual(startCodes(schema, { b: 1, a: "x", c: 2 }), ["/input/c type", "/input/a type", "/input/b type"]);
});

test("pointers escape the names", () => {
  const [fault] = startFaults(parameters({ "a/b~c": { type: "string" } }), { "a/b~c": 1 });
  assert.deepEqual([fault?.path, fault?.message], ["/input/a~1b~0c", "input.a/b~c: expected string, got number"]);
});

test("W20: an undeclared member is invisible; under strictInput it is a fault with a suggestion", () => {
  assert.deepEqual(values(NEWS, { topic: "t", topik: "x" }), { topic: "t", max: 3, note: null });
  const faults = startFaults(NEWS, { topik: "x", topic: "t", maxx: 1, banana: 2 }, { strictInput: true });
  assert.deepEqual(faults, [
    { path: "/input/topik", code: "unknown_key", message: "input.topik: unknown key" },
    { path: "/input/maxx", code: "unknown_key", message: 'input.maxx: unknown key; did you mean "max"?' },
    { path: "/input/banana", code: "unknown_key", message: "input.banana: unknown key" },
  ]);
  assert.equal(startFaults(NEWS, { topik: "x" }, { strictInput: true })[1]?.message, 'input.topik: unknown key; did you mean "topic"?');
});

test("additionalProperties: false in the schema is strictInput", () => {
  const schema = { ...NEWS, additionalProperties: false };
  assert.deepEqual(startCodes(schema, { topic: "t", x: 1 }), ["/input/x unknown_key"]);
  assert.deepEqual(startCodes({ ...NEWS, additionalProperties: true }, { topic: "t", x: 1 }), []);
});

test("messages come in the language of the request, codes and expected stay", () => {
  const result = startCheck(NEWS)({}, "zh-TW");
  assert.ok(!result.ok);
  assert.deepEqual(result.faults, [
    { path: "/input/topic", code: "required", expected: "string", received: "nothing", message: "input.topic：應為 string，實際為 空缺" },
  ]);
});

test("prototype names are parameters like others, and nothing is inherited", () => {
  const schema: JsonObject = JSON.parse(
    '{"properties":{"__proto__":{"type":"object"},"toString":{"type":"string"}},"required":["toString"]}',
  );
  assert.deepEqual(startCodes(schema, {}), ["/input/toString required"]);
  const read = values(schema, JSON.parse('{"__proto__":{"polluted":1},"toString":"x"}'));
  assert.deepEqual(Object.entries(read), [
    ["__proto__", { polluted: 1 }],
    ["toString", "x"],
  ]);
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test("keywords about all parameters see what the caller gave", () => {
  const schema = parameters(
    { a: { type: "string" }, b: { type: "string", default: "d" } },
    { anyOf: [{ required: ["a"] }, { required: ["b"] }], maxProperties: 1 },
  );
  assert.deepEqual(startCodes(schema, { a: "x", ignored: 1 }), []);
  assert.deepEqual(startCodes(schema, {}), ["/input any_of"]);
  assert.deepEqual(startCodes(schema, { a: null, b: null }), ["/input any_of"]);
  assert.deepEqual(startCodes(schema, { a: "x", b: "y" }), ["/input max_properties"]);
});

test("at most 1000 faults are reported", () => {
  const schema = parameters({ list: { type: "array", items: { type: "integer" } } });
  const limit = LIMITS.faults.value;
  assert.equal(startFaults(schema, { list: Array(limit - 1).fill("x") }).length, limit - 1);
  assert.equal(startFaults(schema, { list: Array(limit).fill("x") }).length, limit);
  assert.equal(startFaults(schema, { list: Array(limit + 1).fill("x") }).length, limit);
  const keys = Object.fromEntries(Array.from({ length: limit + 1 }, (_, index) => [`k${index}`, 1]));
  assert.equal(startFaults(parameters({}), keys, { strictInput: true }).length, limit);
});

test("the first 20 faults may have a suggestion", () => {
  const input = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`topic${String.fromCharCode(97 + index)}`, 1]));
  const messages = startFaults(parameters({ topic: {} }), input, { strictInput: true }).map(({ message }) =>
    message.includes("did you mean"),
  );
  assert.deepEqual(messages, [...Array(20).fill(true), false]);
});

const DECLARED = parameters({
  "s!": { type: "string", minLength: 1 },
  n: { type: "integer" },
  list: {
    type: "array",
    items: { type: "object", properties: { "x/y": { type: "boolean" } }, required: ["x/y"], additionalProperties: false },
  },
});

test("any input is answered; each pointer leads to the faulty place; what passes is returned as it was", () => {
  const member = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.oneof(fc.constant({ "x/y": true }), fc.dictionary(fc.constantFrom("x/y", "z~"), fc.jsonValue()))),
  );
  const check = startCheck(DECLARED);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("s", "n", "list", "other", "__proto__"), member), (record) => {
      const input = JSON.parse(JSON.stringify(record)) as JsonObject;
      const result = check(input);
      if (!result.ok) for (const { path, code } of result.faults) assert.ok(leadsTo({ input }, fromPointer(path), code), `${path} ${code}`);
      else
        for (const name of ["s", "n", "list"]) assert.equal(result.values[name], (Object.hasOwn(input, name) ? input[name] : null) ?? null);
    }),
    { numRuns: 2000 },
  );
});

/** All steps but the last exist; the last one too, unless the fault says that it is missing. */
function leadsTo(value: Json | undefined, steps: readonly string[], code: string): boolean {
  const [first, ...rest] = steps;
  if (first === undefined) return value !== undefined || code === "required";
  if (Array.isArray(value)) return leadsTo(value[Number(first)], rest, code);
  return isJsonObject(value) && leadsTo(Object.hasOwn(value, first) ? value[first] : undefined, rest, code);
}
