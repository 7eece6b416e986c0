import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { blobOf, readContent, utf8Chunks } from "#store/journal/content";

const MIB = 1024 * 1024;

test("the bytes of a text come in pieces that end between characters", () => {
  // A pair of surrogates on each side of the cut, and one across it.
  for (const lead of [MIB - 3, MIB - 2, MIB - 1, MIB, 2 * MIB - 1]) {
    const text = `${"a".repeat(lead)}😀${"b".repeat(10)}`;
    const chunks = [...utf8Chunks(text)];
    assert.ok(chunks.length > 1);
    assert.ok(Buffer.concat(chunks).equals(Buffer.from(text)), `cut near ${lead}`);
  }
  assert.deepEqual([...utf8Chunks("")], []);
});

test("the name of a content is its SHA-256, its size that of the UTF-8", () => {
  const blob = blobOf("é".repeat(MIB));
  const bytes = Buffer.from("é".repeat(MIB));
  assert.deepEqual([blob.sha256, blob.bytes, blob.kind], [createHash("sha256").update(bytes).digest("hex"), bytes.length, "text"]);
});

test("a value comes back from its content", () => {
  for (const value of ["text", "", "\ud800", [1, { a: null }], { "": [] }]) {
    const { content, kind } = blobOf(value);
    assert.deepEqual(readContent(content, kind), value);
  }
});
