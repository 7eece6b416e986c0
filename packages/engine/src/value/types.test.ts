import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { convert, FILE_KINDS, parseType, typeName } from "#value/types";

const SPELLINGS: readonly (readonly [canonical: string, spellings: readonly string[]])[] = [
  ["any", ["any", "ANY"]],
  ["string", ["STRING", "String", "TEXT", "string", " s_t-r(i)ng "]],
  ["integer", ["INTEGER", "INT", "LONG", "integer"]],
  ["number", ["NUMBER", "FLOAT", "DOUBLE", "number"]],
  ["boolean", ["BOOLEAN", "BOOL", "boolean"]],
  ["object", ["OBJECT", "JSON", "object"]],
  ["array<string>", ["ARRAY_STRING", "ARRAY<STRING>", "Array<String>", "List<String>", "array<text>", "arraystring"]],
  ["array<number>", ["ARRAY_NUMBER", "Array<Number>", "List<double>"]],
  ["array<array<integer>>", ["ARRAY_ARRAY_INTEGER", "List<Array<Long>>"]],
  ["array<any>", ["array", "ARRAY", "List", "array<any>"]],
  ["array<file<doc>>", ["ARRAY_FILE_DOC", "Array<File(Doc)>"]],
  ["file", ["file", "FILE"]],
  ...FILE_KINDS.map(
    (kind) => [`file<${kind}>`, [`FILE_${kind.toUpperCase()}`, `FILE(${kind})`, `File<${kind}>`, `file<${kind}>`]] as const,
  ),
];

test("every spelling of every type is read, and written in one way", () => {
  for (const [canonical, spellings] of SPELLINGS) {
    for (const spelling of [canonical, ...spellings]) {
      const type = parseType(spelling);
      assert.ok(type !== null, spelling);
      assert.equal(typeName(type), canonical, spelling);
    }
  }
});

test("what is no type is not read", () => {
  for (const spelling of ["", "strings", "file<cat>", "array<cat>", "map", "stringarray", "__proto__", "constructor"]) {
    assert.equal(parseType(spelling), null, spelling);
  }
});

test("arrays may be nested 16 deep and no deeper", () => {
  assert.ok(parseType(`${"array_".repeat(16)}string`) !== null);
  assert.equal(parseType(`${"array_".repeat(17)}string`), null);
  assert.equal(parseType("array".repeat(100_000)), null);
});

const FILE: Json = { $file: "f1", url: "https://h/a.pdf", name: "a.pdf", format: "pdf", size: 3, sha256: "00" };
const INLINE_FILE: Json = { name: "a.mp3", format: "mp3", base64: "SUQz" };
const URL_FILE: Json = { $file: null, url: "https://h/x/a%20b.PDF?v=1.2#z", name: "a b.PDF", format: "pdf", size: null };

const CONVERSIONS: readonly (readonly [type: string, from: Json, to: Json])[] = [
  ...["any", "string", "number", "integer", "boolean", "object", "array<string>", "file<doc>"].map((type) => [type, null, null] as const),
  ["any", { a: [1] }, { a: [1] }],
  ["string", "x", "x"],
  ["string", 1.5, "1.5"],
  ["string", true, "true"],
  ["string", { a: [1, null] }, '{"a":[1,null]}'],
  ["string", FILE, "https://h/a.pdf"],
  ["number", 1.5, 1.5],
  ["number", " 1.5e3\n", 1500],
  ["number", "-0.5", -0.5],
  ["integer", 7, 7],
  ["integer", "7.0", 7],
  ["integer", 9007199254740991, 9007199254740991],
  ["integer", "-9007199254740991", -9007199254740991],
  ["boolean", false, false],
  ["boolean", "TRUE", true],
  ["boolean", "False", false],
  ["object", { a: 1 }, { a: 1 }],
  ["object", '{"a":1}', { a: 1 }],
  ["object", FILE, FILE],
  ["array<any>", [1, "a"], [1, "a"]],
  ["array<string>", [1, null, "a"], ["1", null, "a"]],
  ["array<integer>", '[1,"2"]', [1, 2]],
  ["array<array<number>>", [["1"], "[2]"], [[1], [2]]],
  ["file<doc>", FILE, FILE],
  ["file<audio>", INLINE_FILE, INLINE_FILE],
  ["file", "https://h/x/a%20b.PDF?v=1.2#z", URL_FILE],
  ["file", "http://h", { $file: null, url: "http://h", name: null, format: null, size: null }],
  ["file", "http://h/%zz", { $file: null, url: "http://h/%zz", name: "%zz", format: null, size: null }],
];

test("the conversion table", () => {
  for (const [spelling, from, to] of CONVERSIONS) {
    const type = parseType(spelling);
    assert.ok(type !== null);
    assert.deepEqual(convert(from, type), { ok: true, value: to }, `${JSON.stringify(from)} to ${spelling}`);
  }
});

const REFUSALS: readonly (readonly [type: string, from: Json, message: RegExp])[] = [
  ["number", true, /^Expected a number, got a boolean\.$/],
  ["number", "", /a string that is not a number/],
  ["number", "0x10", /not a number/],
  ["number", "1e999", /not a number/],
  ["number", "Infinity", /not a number/],
  ["number", "+1", /not a number/],
  ["number", "01", /not a number/],
  ["number", [1], /got an array/],
  ["integer", 1.5, /a fraction/],
  ["integer", "1.5", /a fraction/],
  ["integer", 9007199254740992, /beyond/],
  ["integer", "x", /not a number/],
  ["integer", { a: 1 }, /got an object/],
  ["boolean", 1, /got a number/],
  ["boolean", "yes", /neither "true" nor "false"/],
  ["boolean", " true", /neither/],
  ["object", "[1]", /not the JSON text of an object/],
  ["object", "{", /not the JSON text of an object/],
  ["object", "null", /not the JSON text/],
  ["object", '{"a":1e999}', /not the JSON text/],
  ["object", [1], /got an array/],
  ["array<string>", "a", /not the JSON text of an array/],
  ["array<string>", 1, /got a number/],
  ["array<string>", { a: 1 }, /Expected an array<string>, got an object/],
  ["array<integer>", [1, "x"], /^Element 1: Expected an integer/],
  ["array<array<integer>>", [[1], [2, true]], /^Element 1: Element 1: /],
  ["file<doc>", "ftp://h/a", /not an http or https URL/],
  ["file<doc>", "a.pdf", /not an http or https URL/],
  ["file<doc>", { url: "https://h/a" }, /Expected a file<doc>, got an object/],
];

test("what does not convert is refused, and the message never holds the value", () => {
  for (const [spelling, from, message] of REFUSALS) {
    const type = parseType(spelling);
    assert.ok(type !== null);
    const result = convert(from, type);
    assert.ok(!result.ok, `${JSON.stringify(from)} to ${spelling}`);
    assert.match(result.message, message);
  }
  const secret = convert("hunter2", { kind: "number" });
  assert.ok(!secret.ok && !secret.message.includes("hunter2"));
});

test("a key named __proto__ stays an ordinary key through a conversion", () => {
  const result = convert('{"__proto__":{"polluted":1},"a":2}', { kind: "object" });
  assert.ok(result.ok);
  assert.deepEqual(Object.keys(result.value as object), ["__proto__", "a"]);
  assert.equal(Object.getPrototypeOf(result.value), Object.prototype);
});
