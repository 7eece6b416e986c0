import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { errorOf, evaluate, evaluateTemplate } from "#expression/testing/evaluate";

const text = fc.string({ unit: "grapheme", maxLength: 50 });

test("hashes, base64 and percent encoding agree with the host's own", () => {
  fc.assert(
    fc.property(text, text, (s, key) => {
      assert.equal(evaluate("sha256(s)", { s }), createHash("sha256").update(s).digest("hex"));
      assert.equal(evaluate("hmacSha256(key, s)", { s, key }), createHmac("sha256", key).update(s).digest("hex"));
      assert.equal(evaluate("base64(s)", { s }), Buffer.from(s).toString("base64"));
      assert.equal(evaluate("base64Decode(s)", { s: Buffer.from(s).toString("base64") }), s);
      assert.equal(evaluate("base64Decode(s)", { s: Buffer.from(s).toString("base64url") }), s);
      assert.equal(evaluate("encodeURIComponent(s)", { s }), encodeURIComponent(s));
      assert.equal(evaluate("decodeURIComponent(encodeURIComponent(s))", { s }), s);
    }),
  );
});

test("base64Decode takes exactly the bytes that are UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const data = { s: Buffer.from(bytes).toString("base64") };
      const decoded = decodeStrictly(bytes);
      if (decoded === null) assert.equal(errorOf("base64Decode(s)", data).code, "bad_input");
      else assert.equal(evaluate("base64Decode(s)", data), decoded);
    }),
    { numRuns: 2000 },
  );
});

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

test("JSON.stringify and JSON.parse are each other's inverse", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      assert.deepEqual(evaluate("JSON.parse(JSON.stringify(v))", { v: plain }), plain);
    }),
  );
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("uuid derives from the seed and the number of the call", () => {
  const ids = evaluate("range(50).map(() => uuid())") as readonly string[];
  for (const id of ids) assert.match(id, UUID);
  assert.equal(new Set(ids).size, 50);
  assert.deepEqual(evaluate("range(50).map(() => uuid())"), ids);
  assert.notEqual(evaluate("uuid()", {}, { seed: "other" }), ids[0]);
  assert.equal(evaluateTemplate("{{ uuid() }}/{{ uuid() }}"), `${ids[0]}/${ids[1]}`);
});
