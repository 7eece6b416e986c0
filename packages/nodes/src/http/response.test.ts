import assert from "node:assert/strict";
import { test } from "node:test";
import { isJsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import { MAX_FILE_BYTES } from "#http/limits";
import { resultOf } from "#http/response";
import { readJson } from "#kit/read-json";

const answer = (body: Uint8Array, headers = {}, status = 200) => ({ status, headers, body, url: "https://example.com/a" });
const text = (value: string) => new TextEncoder().encode(value);

test("a file is kept up to its limit, and refused beyond it", () => {
  const kept = resultOf(answer(new Uint8Array(MAX_FILE_BYTES)), "file", "GET")["file"];
  assert.ok(isJsonObject(kept) && kept["size"] === MAX_FILE_BYTES);
  const large = answer(new Uint8Array(MAX_FILE_BYTES + 1), { "content-type": "image/png" });
  for (const as of ["file", "auto"] as const) {
    assert.throws(
      () => resultOf(large, as, "GET"),
      (error) => error instanceof TerminalError && error.type === "http_too_large",
    );
  }
});

test("answers without a body by their meaning are null, however they are read", () => {
  for (const as of ["auto", "json", "text", "file"] as const) {
    for (const status of [204, 205, 304])
      assert.deepEqual(resultOf(answer(text(""), {}, status), as, "GET"), { status, headers: {}, body: null, file: null });
    assert.equal(resultOf(answer(text("")), as, "HEAD")["body"], null);
  }
});

test("an empty body that need not be empty is no JSON, but it is a text and a file", () => {
  assert.throws(
    () => resultOf(answer(text("")), "json", "GET"),
    (error) => error instanceof TerminalError && error.type === "type_error",
  );
  assert.equal(resultOf(answer(text("")), "text", "GET")["body"], "");
  assert.deepEqual(resultOf(answer(text("")), "file", "GET")["file"], { name: "a", format: null, size: 0, base64: "" });
  assert.equal(resultOf(answer(text(""), { "content-type": "application/json" }), "auto", "GET")["body"], null);
});

test("without a Content-Type, bytes with a NUL or that are no UTF-8 are a file", () => {
  assert.equal(resultOf(answer(text("é")), "auto", "GET")["body"], "é");
  for (const bytes of [Uint8Array.of(0x41, 0), Uint8Array.of(0xe9)])
    assert.ok(isJsonObject(resultOf(answer(bytes), "auto", "GET")["file"]));
});

test("text in a charset that is not known is a file where nothing else was asked for", () => {
  const gbk = answer(Uint8Array.of(0xc4, 0xe3), { "content-type": "text/plain; charset=gbk" });
  assert.deepEqual(resultOf(gbk, "auto", "GET")["file"], { name: "a", format: "txt", size: 2, base64: "xOM=" });
});

test("headers without a prototype become an ordinary object, whatever their names", () => {
  const headers = Object.assign(Object.create(null), { constructor: "x", __proto__: undefined });
  Object.defineProperty(headers, "__proto__", { value: "y", enumerable: true });
  const result = resultOf(answer(text(""), headers), "auto", "GET")["headers"];
  assert.deepEqual(Object.entries(result ?? {}), [
    ["constructor", "x"],
    ["__proto__", "y"],
  ]);
  assert.equal(Object.getPrototypeOf(result), Object.prototype);
});

test("depth is bounded on both sides, far beyond the stack too", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.equal(readJson(nested(100), 100).ok, true);
  assert.deepEqual(readJson(nested(101), 100), { ok: false, why: "depth" });
  assert.deepEqual(readJson(`${'{"a":'.repeat(101)}1${"}".repeat(101)}`, 100), { ok: false, why: "depth" });
  assert.deepEqual(readJson(nested(200_000), 100), { ok: false, why: "depth" });
  assert.deepEqual(readJson("1", 0), { ok: true, value: 1 });
  assert.deepEqual(readJson("[]", 0), { ok: false, why: "depth" });
  assert.deepEqual(readJson("[-1e999]", 1), { ok: false, why: "number" });
  assert.deepEqual(readJson("[1,]", 1), { ok: false, why: "syntax" });
});
