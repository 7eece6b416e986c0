import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseEncoding } from "#http/console-assets";

test("brotli before gzip before nothing", () => {
  assert.equal(chooseEncoding("gzip, deflate, br, zstd"), "br");
  assert.equal(chooseEncoding("br;q=0.1, gzip;q=1"), "br");
  assert.equal(chooseEncoding("GZIP"), "gzip");
  assert.equal(chooseEncoding("gzip;q=0.5"), "gzip");
});

test("what is refused, unknown or absent is not chosen", () => {
  assert.equal(chooseEncoding("br;q=0, gzip"), "gzip");
  assert.equal(chooseEncoding("br; q=0.000 , gzip;Q=0"), "identity");
  assert.equal(chooseEncoding("br;q=0.001"), "br");
  for (const header of [null, "", "identity", "zstd", "*", "brotli", "x-br"]) assert.equal(chooseEncoding(header), "identity");
});
