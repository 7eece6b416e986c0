import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeUtf8, encodeUtf8, isUtf8 } from "#kit/utf8";

/** The platform's own coder is the reference; the pure rooms do not have it. */
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const anyText = fc.string({ unit: "binary" });
/** Bytes that meet the edges of UTF-8 often: lead bytes, the bounds of second bytes, continuations. */
const edgyBytes = fc.array(
  fc.constantFrom(
    0x00,
    0x41,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xe1,
    0xed,
    0xef,
    0xbb,
    0xf0,
    0xf1,
    0xf4,
    0xf5,
    0xff,
  ),
);

test("text becomes the bytes that the platform makes of it, lone surrogates included", () => {
  fc.assert(fc.property(anyText, (text) => assert.deepEqual(encodeUtf8(text), encode(text))));
  assert.deepEqual(encodeUtf8("a\ud800b\udc00"), encode("a\ud800b\udc00"));
});

test("bytes become the text that the platform makes of them, replacement characters included", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        edgyBytes.map((bytes) => Uint8Array.from(bytes)),
      ),
      (bytes) => {
        assert.equal(decodeUtf8(bytes), decode(bytes));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a byte order mark is dropped at the start only", () => {
  assert.equal(decodeUtf8(encode("\ufeffa\ufeffb")), "a\ufeffb");
});

test("longer texts than one chunk come back whole", () => {
  const text = "añ語𝒜".repeat(5_000);
  assert.equal(decodeUtf8(encode(text)), text);
});

test("isUtf8 agrees with the platform's strict decoder", () => {
  const strict = (bytes: Uint8Array) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        edgyBytes.map((bytes) => Uint8Array.from(bytes)),
        anyText.map(encode),
      ),
      (bytes) => {
        assert.equal(isUtf8(bytes), strict(bytes));
      },
    ),
    { numRuns: 2_000 },
  );
});
