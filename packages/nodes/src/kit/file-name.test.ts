import assert from "node:assert/strict";
import { test } from "node:test";
import { fileFormatOf, fileNameOf, formatIn, MAX_FILE_NAME } from "#kit/file-name";
import { formatOf, isJsonType, isTextType, mediaTypeOf, parseContentType } from "#kit/media-types";

const answer = (url: string, headers = {}) => ({ status: 200, headers, body: new Uint8Array(), url });
const named = (disposition: string) => fileNameOf(answer("https://example.com/", { "content-disposition": disposition }));

test("the name is what the answer says, else the end of the path, else file", () => {
  assert.equal(named('attachment; filename="a \\"b\\".pdf"'), 'a "b".pdf');
  assert.equal(named("attachment; filename=plain.csv; size=1"), "plain.csv");
  assert.equal(named("attachment; filename=old.csv; filename*=UTF-8''%E8%A1%A8%20a.csv"), "表 a.csv");
  assert.equal(named("attachment; filename*=UTF-8''%zz.csv"), "%zz.csv");
  assert.equal(fileNameOf(answer("https://example.com/a/b%20c.png?x=/d.gif#/e")), "b c.png");
  for (const url of ["https://example.com", "https://example.com/", "https://example.com/a/", "https://example.com/.."])
    assert.equal(fileNameOf(answer(url)), "file");
});

test("a name is never a path, has no control characters, and is cut", () => {
  assert.equal(named('attachment; filename="../../etc/passwd"'), "passwd");
  assert.equal(named('attachment; filename="C:\\\\temp\\\\a.txt"'), "a.txt");
  assert.equal(named("attachment; filename*=UTF-8''a%00%0D%0Ab%2F..%2Fc.txt"), "c.txt");
  assert.equal(fileNameOf(answer("https://example.com/a%2Fb%00.txt")), "b.txt");
  assert.equal(named('attachment; filename=".."'), "file");
  assert.equal(named(`attachment; filename="${"a".repeat(MAX_FILE_NAME)}"`).length, MAX_FILE_NAME);
  assert.equal(named(`attachment; filename="${"a".repeat(MAX_FILE_NAME + 1)}"`).length, MAX_FILE_NAME);
});

test("the format comes from the given name, then the Content-Type, then the URL", () => {
  const headers = { "content-type": "image/png; x=y" };
  assert.equal(fileFormatOf(answer("https://example.com/a.php", { ...headers, "content-disposition": "inline; filename=x.JPEG" })), "jpeg");
  assert.equal(fileFormatOf(answer("https://example.com/a.php", headers)), "png");
  assert.equal(fileFormatOf(answer("https://example.com/a.tar.GZ", { "content-type": "application/octet-stream" })), "gz");
  assert.equal(fileFormatOf(answer("https://example.com/a")), null);
  assert.equal(formatIn(".profile"), null);
  assert.equal(formatIn("a."), null);
});

test("media types and formats", () => {
  assert.deepEqual(
    [mediaTypeOf("JPG"), mediaTypeOf("wav"), mediaTypeOf("nope"), mediaTypeOf(null)],
    ["image/jpeg", "audio/wav", "application/octet-stream", "application/octet-stream"],
  );
  assert.deepEqual([formatOf("image/jpeg"), formatOf("audio/x-wav"), formatOf("application/octet-stream")], ["jpg", "wav", null]);
});

test("a Content-Type is read without regard to case, quotes and what follows", () => {
  assert.deepEqual(parseContentType('Text/HTML; x=1; Charset="ISO-8859-1"'), { mediaType: "text/html", charset: "iso-8859-1" });
  assert.deepEqual(parseContentType("text/plain, text/html"), { mediaType: "text/plain", charset: null });
  for (const malformed of ["text", "text/", 'text/"plain"', "a/b\r\nx: y", "text /plain"])
    assert.equal(parseContentType(malformed).mediaType, "", malformed);
  assert.deepEqual(parseContentType(undefined), { mediaType: "", charset: null });
  for (const type of ["application/json", "text/json", "application/problem+json"]) assert.ok(isJsonType(type), type);
  for (const type of ["application/jsonl", "text/plain", "", "image/jsonx"]) assert.ok(!isJsonType(type), type);
  for (const type of ["text/csv", "image/svg+xml", "application/xml", "application/x-ndjson"]) assert.ok(isTextType(type), type);
  for (const type of ["application/octet-stream", "image/png", "", "application/xmlish"]) assert.ok(!isTextType(type), type);
});
