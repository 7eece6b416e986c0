import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "#json";
import { sampleInput } from "#sample-input";
import { startCheck } from "#testing/start";

function sample(properties: JsonObject, required = Object.keys(properties), more: JsonObject = {}): JsonObject {
  const input = { type: "object", properties, required, ...more };
  const made = sampleInput(input);
  const checked = startCheck(input)(made);
  assert.ok(checked.ok, JSON.stringify(checked));
  return made;
}

test("only what is required is there", () => {
  assert.deepEqual(sample({ topic: { type: "string" }, more: { type: "string" } }, ["topic"]), { topic: "text" });
  assert.deepEqual(sampleInput({}), {});
});

test("defaults, constants, examples and choices are taken as they are", () => {
  const made = sample({
    a: { type: "string", default: "d" },
    b: { const: 4 },
    c: { type: "string", examples: ["News"] },
    d: { enum: ["x", "y"] },
  });
  assert.deepEqual(made, { a: "d", b: 4, c: "News", d: "x" });
});

test("a value that the Start node takes, for every type and the usual bounds", () => {
  sample({
    integer: { type: "integer", minimum: 10, maximum: 20, multipleOf: 4 },
    negative: { type: "integer", maximum: -3 },
    above: { type: "number", exclusiveMinimum: 5 },
    flag: { type: "boolean" },
    list: { type: "array", items: { type: "integer" }, minItems: 2 },
    nested: { type: "object", properties: { inner: { type: "string", minLength: 9 } }, required: ["inner"] },
    nothing: { type: "null" },
    maybe: { type: ["string", "null"] },
    short: { type: "string", maxLength: 2 },
    day: { type: "string", format: "date" },
    mail: { type: "string", format: "email" },
    file: { "x-file": "doc" },
    image: { "x-file": "image" },
    sheet: { "x-file": "excel" },
    either: { anyOf: [{ type: "integer" }, { type: "string" }] },
    anything: {},
  });
});

test("references are followed, and a schema that is its own part has an end", () => {
  const $defs = { line: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] } };
  assert.deepEqual(sample({ line: { $ref: "#/$defs/line" } }, ["line"], { $defs }), { line: { sku: "text" } });
  const tree = { type: "object", properties: { child: { $ref: "#/$defs/tree" } }, required: ["child"] };
  assert.match(JSON.stringify(sampleInput({ ...tree, $defs: { tree } })), /"child":"text"/);
});
