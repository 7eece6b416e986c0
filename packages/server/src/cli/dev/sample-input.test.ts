import assert from "node:assert/strict";
import { test } from "node:test";
import { compileStart, type JsonObject } from "@millrace/contract";
import { sampleInput } from "#cli/dev/sample-input";
import { linearPatterns } from "#workflows/linear-patterns";

function sample(properties: JsonObject, required = Object.keys(properties)): JsonObject {
  const input = { type: "object", properties, required };
  const made = sampleInput({
    nodes: [
      { id: "x", type: "template" },
      { id: "start", type: "start", input },
    ],
  });
  const compiled = compileStart(input, { patterns: linearPatterns });
  assert.ok(compiled.ok);
  const checked = compiled.check(made);
  assert.ok(checked.ok, JSON.stringify(checked));
  return made;
}

test("only what is required is there", () => {
  assert.deepEqual(sample({ topic: { type: "string" }, more: { type: "string" } }, ["topic"]), { topic: "text" });
  assert.deepEqual(sampleInput({ nodes: [{ id: "start", type: "start" }] }), {});
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
    anything: {},
  });
});
