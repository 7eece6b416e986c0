import assert from "node:assert/strict";
import { test } from "node:test";
import type { FastifyRequest } from "fastify";
import { readForm } from "#http/multipart-form";
import { RequestError } from "#request-error";

const requestOf = (type: string, body: string | Buffer) =>
  ({ headers: { "content-type": type }, body: Buffer.from(body) }) as unknown as FastifyRequest;
const TYPE = "multipart/form-data; boundary=b";
const file = (name: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; name="f"; ${name}\r\nContent-Type: Text/Plain; charset=x\r\n\r\n${content}\r\n`;
const END = "--b--\r\n";
const read = (body: string, type = TYPE) => readForm(requestOf(type, body));

test("files in order, byte by byte, and the metadata", async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
  const form = new FormData();
  form.append("metadata", '{"year":2026}');
  form.append("a", new Blob([bytes]), 'über "x".bin');
  form.append("b", new Blob(["\r\n--b\r\n"], { type: "text/plain" }), "b.txt");
  const encoded = new Response(form);
  const { files, metadata } = readForm(requestOf(encoded.headers.get("content-type") ?? "", Buffer.from(await encoded.arrayBuffer())));
  assert.deepEqual(metadata, { year: 2026 });
  assert.deepEqual(
    files.map(({ name, mediaType }) => [name, mediaType]),
    [
      ['über "x".bin', "application/octet-stream"],
      ["b.txt", "text/plain"],
    ],
  );
  assert.deepEqual(Buffer.from(files[0]?.content ?? []), bytes);
  assert.equal(Buffer.from(files[1]?.content ?? []).toString(), "\r\n--b\r\n");
});

test("as other programs write it: a preamble, a quoted boundary, names without quotes or with backslashes, empty files", () => {
  const names = (body: string, type?: string) => read(body, type).files.map(({ name }) => name);
  assert.deepEqual(names(`preamble\r\n${file('filename="a \\"q\\".txt"', "x")}${END}epilogue`), ['a "q".txt']);
  assert.deepEqual(names(file("filename=a.txt", "x") + END, 'multipart/form-data; charset=utf-8; boundary="b"'), ["a.txt"]);
  assert.equal(read(file('filename="e.txt"', "") + END).files[0]?.content.length, 0);
  assert.equal(read(file('filename="a"', "x") + END).files[0]?.mediaType, "text/plain");
});

test("what is no form is refused", () => {
  const part = file('filename="a"', "x");
  const noFile = '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--';
  for (const [body, type] of [
    ["", TYPE],
    ["--b--", TYPE],
    [part, TYPE],
    [`${part}--b`, TYPE],
    [`${part}${END}`, "multipart/form-data"],
    [`${part}${END}`, `multipart/form-data; boundary=${"b".repeat(71)}`],
    [`${part}${END}`, "multipart/mixed; boundary=b"],
    ["--b\r\nContent-Disposition: form-data", TYPE],
    [`--b\r\n${"x: y\r\n".repeat(2_000)}\r\n\r\nx\r\n${END}`, TYPE],
    [part.repeat(101) + END, TYPE],
    [noFile, TYPE],
    [`--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n[]\r\n${part}${END}`, TYPE],
  ] as const)
    assert.throws(() => read(body, type), RequestError, body.slice(0, 60));
  assert.equal(read(part.repeat(100) + END).files.length, 100);
});
