import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FILE_FORMATS, FILE_KINDS } from "#file-kinds";
import type { Json, JsonObject } from "#json";
import { LIMITS } from "#limits";
import { readBase64 } from "#start/base64";
import { parameters, startCheck, startCodes, startFaults } from "#testing/start";

const DOC = parameters({ doc: { "x-file": "doc", title: "Offer" } });
const docCodes = (doc: Json): string[] => startCodes(DOC, { doc });

function files(schema: JsonObject, input: JsonObject) {
  const result = startCheck(schema)(input);
  assert.ok(result.ok);
  return result.files;
}

test("the published example: a file with contents, a list of files by URL", () => {
  const schema = parameters({ "doc!": { "x-file": "doc" }, photos: { type: "array", items: { "x-file": "image" } } });
  const input = {
    doc: { format: "pdf", base64_content: "JVBERi0xLjQK", name: "offer" },
    photos: [{ url: "https://img.example.com/1.png" }],
  };
  assert.deepEqual(files(schema, input), [
    { path: ["doc"], kind: "doc", format: "pdf", name: "offer", source: { base64: "JVBERi0xLjQK", bytes: 9 } },
    { path: ["photos", 0], kind: "image", format: "png", name: "file.png", source: { url: "https://img.example.com/1.png" } },
  ]);
  const result = startCheck(schema)(input);
  assert.equal(result.ok && result.values["doc"], input.doc);
});

test("a plain URL is a file; its extension gives the format", () => {
  assert.deepEqual(files(DOC, { doc: "https://a.example/b/offer.PDF?x=1#y" }), [
    { path: ["doc"], kind: "doc", format: "pdf", name: "file.pdf", source: { url: "https://a.example/b/offer.PDF?x=1#y" } },
  ]);
  assert.deepEqual(docCodes("https://a.example/offer"), ["/input/doc/format required"]);
  assert.deepEqual(docCodes("https://a.example/offer.png"), ["/input/doc format"]);
  assert.deepEqual(docCodes("offer.pdf"), ["/input/doc url"]);
  assert.deepEqual(docCodes("ftp://a.example/offer.pdf"), ["/input/doc url"]);
});

test("a given format holds, whatever the URL ends in; case and a leading dot do not matter", () => {
  for (const format of ["pdf", "PDF", ".Pdf"]) {
    assert.deepEqual(
      files(DOC, { doc: { url: "https://a.example/x.png", format } }).map((file) => file.format),
      ["pdf"],
    );
  }
  assert.deepEqual(docCodes({ url: "https://a.example/x.pdf", format: "png" }), ["/input/doc/format format"]);
});

test("exactly one of the two sources", () => {
  const url = "https://a.example/x.pdf";
  assert.deepEqual(docCodes({ format: "pdf" }), ["/input/doc file_source"]);
  assert.deepEqual(docCodes({}), ["/input/doc file_source"]);
  assert.deepEqual(docCodes({ format: "pdf", url, base64_content: "aaaa" }), ["/input/doc file_source"]);
  assert.deepEqual(docCodes({ format: "pdf", url, base64_content: null, name: null }), []);
  assert.deepEqual(
    startFaults(DOC, { doc: {} }).map(({ message }) => message),
    ["input.doc: expected exactly one of base64_content and url, got neither"],
  );
});

test("contents need a format; every member has its type", () => {
  assert.deepEqual(docCodes({ base64_content: "aaaa" }), ["/input/doc/format required"]);
  assert.deepEqual(docCodes({ base64_content: 5, format: 6, name: 7, url: 8 }), [
    "/input/doc/name type",
    "/input/doc/format type",
    "/input/doc/url type",
    "/input/doc/base64_content type",
  ]);
  for (const wrong of [5, true, []]) assert.deepEqual(docCodes(wrong), ["/input/doc type"]);
  assert.equal(startFaults(DOC, { doc: 5 })[0]?.message, "input.doc: expected file<doc>, got number");
});

test("bad base64 is a fault; the text is not repeated", () => {
  const faults = startFaults(DOC, { doc: { format: "pdf", base64_content: "se*cret" } });
  assert.deepEqual(
    faults.map(({ path, code }) => `${path} ${code}`),
    ["/input/doc/base64_content base64"],
  );
  assert.equal(JSON.stringify(faults).includes("cret"), false);
});

test("a file of exactly the limit passes, one byte more does not", () => {
  const content = (bytes: number) => ({ doc: { format: "pdf", base64_content: Buffer.alloc(bytes).toString("base64") } });
  assert.deepEqual(startCodes(DOC, content(100), { maxFileBytes: 100 }), []);
  assert.deepEqual(startCodes(DOC, content(101), { maxFileBytes: 100 }), ["/input/doc/base64_content max_bytes"]);
});

test("a file URL has at most 8192 characters", () => {
  const url = `https://a.example/${"x".repeat(LIMITS.fileUrlCharacters.value - 22)}.pdf`;
  assert.equal(url.length, LIMITS.fileUrlCharacters.value);
  assert.deepEqual(docCodes(url), []);
  assert.deepEqual(docCodes(url.replace("/x", "/xx")), ["/input/doc max_length"]);
});

test("each kind takes its own formats and no other", () => {
  for (const kind of FILE_KINDS) {
    for (const other of FILE_KINDS) {
      for (const format of FILE_FORMATS[other]) {
        const codes = startCodes(parameters({ f: { "x-file": kind } }), { f: { url: "https://a.example/", format } });
        assert.deepEqual(codes, kind === other ? [] : ["/input/f/format format"]);
      }
    }
  }
});

test("files are found inside objects and lists, with the steps to them", () => {
  const schema = parameters({ o: { properties: { list: { items: { "x-file": "image" } } }, additionalProperties: { "x-file": "doc" } } });
  const input = { o: { list: ["https://a.example/1.png", "https://a.example/2.gif"], more: "https://a.example/3.md" } };
  assert.deepEqual(
    files(schema, input).map(({ path }) => path),
    [
      ["o", "list", 0],
      ["o", "list", 1],
      ["o", "more"],
    ],
  );
});

test("an optional file may be absent; a default may be a URL", () => {
  assert.deepEqual(files(DOC, {}), []);
  const schema = parameters({ doc: { "x-file": "doc", default: "https://a.example/x.pdf" } });
  const result = startCheck(schema)({});
  assert.ok(result.ok);
  assert.equal(result.values["doc"], "https://a.example/x.pdf");
  assert.deepEqual(
    result.files.map(({ path, source }) => [path, source]),
    [[["doc"], { url: "https://a.example/x.pdf" }]],
  );
});

test("base64: both alphabets, padding optional, white space ignored, a data prefix dropped", () => {
  assert.deepEqual(readBase64("data:application/pdf;name=x;base64,AAAA"), { base64: "AAAA", bytes: 3 });
  assert.deepEqual(readBase64(" A A\r\n=\t= "), { base64: " A A\r\n=\t= ", bytes: 1 });
  for (const text of ["A", "AAAAA", "AAA==", "AA=", "A===", "=", "====", "AA=A", "AA==AA==", "AA,A", "A\u00a0A", "data:x,AAAA"])
    assert.equal(readBase64(text), null, text);
});

test("a data prefix has at most 256 characters", () => {
  const prefix = (length: number) => `data:${"x".repeat(length - 13)};base64,`;
  assert.equal(prefix(256).length, 256);
  assert.equal(readBase64(`${prefix(256)}AAAA`)?.base64, "AAAA");
  assert.equal(readBase64(`${prefix(257)}AAAA`), null);
});

test("the length of base64 is that of the decoded bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom("base64" as const, "base64url" as const), (bytes, encoding) => {
      assert.equal(readBase64(Buffer.from(bytes).toString(encoding))?.bytes, bytes.length);
    }),
  );
});
