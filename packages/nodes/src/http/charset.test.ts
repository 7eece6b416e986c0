import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeText } from "#http/charset";

test("each charset reads as the platform reads it", () => {
  const even = fc.uint8Array({ maxLength: 64 }).map((bytes) => bytes.slice(0, bytes.length - (bytes.length % 2)));
  for (const charset of ["utf-8", "windows-1252", "iso-8859-1", "latin1", "us-ascii", "utf-16le", "utf-16", "utf-16be"]) {
    const decoder = new TextDecoder(charset);
    fc.assert(
      fc.property(charset.startsWith("utf-16") ? even : fc.uint8Array(), (bytes) =>
        assert.equal(decodeText(bytes, charset), decoder.decode(bytes), charset),
      ),
    );
  }
});

test("every single byte of windows-1252", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.equal(decodeText(bytes, "windows-1252"), new TextDecoder("windows-1252").decode(bytes));
});

test("longer texts than one chunk come back whole", () => {
  const text = "aé€".repeat(10_000);
  assert.equal(decodeText(new Uint8Array(Buffer.from(text, "utf16le")), "utf-16le"), text);
  assert.equal(decodeText(new Uint8Array(Buffer.from("é".repeat(20_000), "latin1")), "latin1"), "é".repeat(20_000));
});

test("byte order marks are dropped, a last odd byte is a replacement character", () => {
  assert.equal(decodeText(Uint8Array.of(0xff, 0xfe, 0x41, 0x00), "utf-16le"), "A");
  assert.equal(decodeText(Uint8Array.of(0xfe, 0xff, 0x00, 0x41, 0x00), "utf-16be"), "A\ufffd");
});

test("no charset is UTF-8; one that is not known gives null", () => {
  assert.equal(decodeText(Uint8Array.of(0xc3, 0xa9), null), "é");
  for (const charset of ["gbk", "shift_jis", "", "toString"]) assert.equal(decodeText(Uint8Array.of(0x41), charset), null);
});
