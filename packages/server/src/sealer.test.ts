import assert from "node:assert/strict";
import { test } from "node:test";
import { systemIds } from "#ids";
import { Sealer } from "#sealer";

const { seed } = systemIds(Date.now);
const sealer = new Sealer(Buffer.alloc(32, 1), seed);

test("what is sealed opens with the same key, for the same purpose, and whole", () => {
  const sealed = sealer.seal("whsec_é", "w1");
  assert.ok(!Buffer.from(sealed, "base64").includes("whsec"));
  assert.equal(sealer.open(sealed, "w1"), "whsec_é");
  assert.notEqual(sealer.seal("whsec_é", "w1"), sealed, "the same text is sealed differently each time");
  assert.throws(() => sealer.open(sealed, "w2"));
  assert.throws(() => new Sealer(Buffer.alloc(32, 2), seed).open(sealed, "w1"));
  const bytes = Buffer.from(sealed, "base64");
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  assert.throws(() => sealer.open(bytes.toString("base64"), "w1"));
});
