import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_DOCUMENT_CHARACTERS, readDocument, UnreadableDocument } from "#workflows/read-document";

test("numbers with leading zeros stay texts, other numbers are numbers", () => {
  const text = "a: 007\nb: 7\nc: -7\nd: 0\ne: 1.5\nf: 0x1f\ng: 00\nh: +3\ni: 1e3\n";
  assert.deepEqual(readDocument(text), { a: "007", b: 7, c: -7, d: 0, e: 1.5, f: 31, g: "00", h: 3, i: 1_000 });
});

test("JSON is read as it is", () => {
  assert.deepEqual(readDocument('{"a":[1,"007",null,true]}'), { a: [1, "007", null, true] });
});

const bomb = Array.from(
  { length: 9 },
  (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 9 }, () => (i === 0 ? "x" : `*l${i}`)).join(", ")}]`,
).join("\n");
for (const [what, text] of [
  ["an unclosed list", "a: [1"],
  ["a list", "- 1"],
  ["a text", "hello"],
  ["a name twice", "a: 1\na: 2"],
  ["an alias bomb", bomb],
  ["an unknown tag that names code", "a: !!js/function 'return 1'\n  - : x"],
] as const) {
  test(`what is no document: ${what}`, () => {
    assert.throws(() => readDocument(text), UnreadableDocument);
  });
}

test("a document of the most characters is read, one of one more is not", () => {
  const text = (length: number) => `a: ${"x".repeat(length - 3)}`;
  assert.equal(String(readDocument(text(MAX_DOCUMENT_CHARACTERS))["a"]).length, MAX_DOCUMENT_CHARACTERS - 3);
  assert.throws(() => readDocument(text(MAX_DOCUMENT_CHARACTERS + 1)), { message: "the document has more than 1048576 characters" });
});

test("a key twice is refused where it stands, however deep", () => {
  assert.throws(() => readDocument("a:\n  - b: 1\n    c: 2\n    b: 3\n"), { message: "Map keys must be unique", line: 4, column: 5 });
  assert.deepEqual(readDocument("a: { x: 1 }\nb: { x: 1 }"), { a: { x: 1 }, b: { x: 1 } });
});

test("a mapping of many keys takes no longer for being one", () => {
  const keys = Array.from({ length: 50_000 }, (_, n) => `k${n}: 0`).join("\n");
  assert.equal(Object.keys(readDocument(keys)).length, 50_000);
});
