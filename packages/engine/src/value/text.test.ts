import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import fc from "fast-check";
import { writeJson } from "#value/json-writer";
import { canonicalJson, textOf } from "#value/text";

test("text of a value", () => {
  const rows: readonly (readonly [value: Json, text: string])[] = [
    ["", ""],
    ["a\n\u2028\ud800", "a\n\u2028\ud800"],
    [0, "0"],
    [-0, "0"],
    [0.1, "0.1"],
    [1e21, "1e+21"],
    [true, "true"],
    [false, "false"],
    [null, ""],
    [[], "[]"],
    [{}, "{}"],
    [[1, "a", null, [true]], '[1,"a",null,[true]]'],
    [{ b: 1, a: { c: [] } }, '{"b":1,"a":{"c":[]}}'],
    [{ $file: "f", url: "https://h/a" }, "https://h/a"],
    [[{ $file: "f", url: "https://h/a" }], '["https://h/a"]'],
    [{ $file: "f" }, '{"$file":"f"}'],
    [{ url: "https://h/a" }, '{"url":"https://h/a"}'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ];
  for (const [value, text] of rows) assert.equal(textOf(value), text);
});

const json = fc.jsonValue() as fc.Arbitrary<Json>;

test("compact, indented and canonical text agree with the host's own writer", () => {
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 4 }), (value, indent) => {
      assert.equal(
        writeJson(value, { indent, filesAsUrls: false, sortKeys: false }, () => {}),
        JSON.stringify(value, null, indent),
      );
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("canonical text does not depend on the order of members", () => {
  assert.equal(canonicalJson({ b: 1, a: { d: 2, c: 3 } }), canonicalJson({ a: { c: 3, d: 2 }, b: 1 }));
});

test("every character is charged once, whichever writer does it", () => {
  const values: readonly Json[] = [
    'a"b\n',
    [1, 22, [-3.5e-7]],
    { "k\t": [true, false, null], b: {} },
    [{ $file: "f", url: 'https://h/"' }, 1],
    [[], {}],
  ];
  for (const value of values) {
    for (const style of [
      { indent: 0, filesAsUrls: true, sortKeys: false },
      { indent: 2, filesAsUrls: false, sortKeys: true },
    ]) {
      let charged = 0;
      const text = writeJson(value, style, (characters) => {
        charged += characters;
      });
      assert.equal(charged, text.length, text);
    }
  }
});

test("depth does not exhaust the stack", () => {
  let value: Json = 1;
  for (let i = 0; i < 200_000; i++) value = [value];
  assert.equal(textOf(value).length, 400_001);
});

test("writing stops when the charge throws", () => {
  let charged = 0;
  const stop = (characters: number): void => {
    charged += characters;
    if (charged > 10) throw new Error("enough");
  };
  assert.throws(
    () =>
      textOf(
        Array.from({ length: 1000 }, () => 1),
        stop,
      ),
    /enough/,
  );
  assert.equal(charged, 1001); // The brackets and commas of the list, before any of its elements.
});
