import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeBase64, encodeBase64 } from "#kit/base64";

test("encoding equals the platform's", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString("base64"))));
});

test("decoding undoes every spelling: padded or not, URL alphabet, broken over lines", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const padded = Buffer.from(bytes).toString("base64");
      for (const text of [
        padded,
        padded.replaceAll("=", ""),
        Buffer.from(bytes).toString("base64url"),
        padded.replace(/(.{5})/g, "$1\r\n "),
      ]) {
        assert.deepEqual(decodeBase64(text), bytes);
      }
    }),
  );
});

test("what is no base64 is null", () => {
  for (const text of ["a", "ab=", "abc==", "ab===", "a=bc", "abc!", "äbcd", "=", "abcde", "\u0000abc"])
    assert.equal(decodeBase64(text), null, text);
  assert.deepEqual(decodeBase64(""), new Uint8Array());
});
