import assert from "node:assert/strict";
import { test } from "node:test";
import { isStrict } from "#models/providers/strict-schema";

const closed = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: "object",
  properties: properties as never,
  required,
  additionalProperties: false,
});

test("a schema is strict where every object in it is closed and has all of its members required", () => {
  assert.ok(isStrict(closed({})));
  assert.ok(isStrict(closed({ a: { type: "string" }, b: closed({ c: { type: ["integer", "null"] } }) })));
  assert.ok(isStrict(closed({ list: { type: "array", items: closed({ a: { anyOf: [{ type: "string" }, closed({})] } }) } })));
});

test("one that is not, however deep, is not", () => {
  const open = { type: "object", properties: { a: {} }, required: ["a"] };
  for (const schema of [
    open,
    closed({ a: {} }, []),
    { ...closed({ a: {} }), required: null },
    { type: "object" },
    { type: ["object", "null"] },
    closed({ a: open }),
    closed({ a: { type: "array", items: open } }),
    closed({ a: { anyOf: [{ type: "string" }, open] } }),
    { ...closed({ a: { $ref: "#/$defs/b" } }), $defs: { b: open } },
  ])
    assert.ok(!isStrict(schema), JSON.stringify(schema));
});
