import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { freeBoundary } from "#http/boundary";
import { encodeMultipart, type WirePart } from "#http/multipart";

/** The platform's own parser is the judge: it reads what we write. */
async function parsed(parts: readonly WirePart[]): Promise<[string, string | { name: string; type: string; bytes: Uint8Array }][]> {
  const { contentType, body } = encodeMultipart(parts);
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  const entries = [...form].map(async ([name, value]): Promise<[string, string | { name: string; type: string; bytes: Uint8Array }]> => {
    if (typeof value === "string") return [name, value];
    return [name, { name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) }];
  });
  return Promise.all(entries);
}

/** Line breaks and quotes come back from their escapes; other control characters stay escaped, so they are left out here. */
const name = fc.string({
  unit: fc.constantFrom("a", "ü", "語", "𝒜", '"', "\r", "\n", "\\", ";", "=", " ", "-"),
  minLength: 1,
  maxLength: 12,
});
const content = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .constantFrom("\r\n--millrace-0000000000\r\n", "millrace-0000000000--", "--millrace-0000000001\r\n\r\nmillrace-0000000000")
    .map((text) => new TextEncoder().encode(text)),
);
const part: fc.Arbitrary<WirePart> = fc.oneof(
  fc.record({ name, content: fc.string({ unit: "grapheme" }).map((text) => new TextEncoder().encode(text)) }),
  fc.record({
    name,
    content,
    file: fc.record({ name, mediaType: fc.constantFrom("text/plain", "application/octet-stream", "image/png") }),
  }),
);

test("names, values and files come back as they were", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
      const expected = parts.map((one) => [
        one.name,
        one.file ? { name: one.file.name, type: one.file.mediaType, bytes: one.content } : new TextDecoder().decode(one.content),
      ]);
      assert.deepEqual(await parsed(parts), expected);
    }),
    { numRuns: 500 },
  );
});

test("no name breaks out of its quotes, its line or its part", () => {
  const hostile = 'a"; filename="x\r\nContent-Type: text/html\r\n\r\n\u0000\u000b\u007f\u0085\u560a';
  const { body } = encodeMultipart([{ name: hostile, content: new Uint8Array() }]);
  const lines = new TextDecoder().decode(body).split("\r\n");
  const escaped = "a%22; filename=%22x%0D%0AContent-Type: text/html%0D%0A%0D%0A%00%0B%7F%C2%85\u560a";
  assert.equal(lines[1], `Content-Disposition: form-data; name="${escaped}"`);
  assert.deepEqual(lines.slice(2), ["", "", "--millrace-0000000000--", ""]);
});

test("the boundary is the least that occurs in no content", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `millrace-${String(index).padStart(10, "0")}`).join("");
  assert.equal(freeBoundary([]), "millrace-0000000000");
  assert.equal(freeBoundary([encode(numbered(250)), encode("millrace-0000000251")]), "millrace-0000000250");
  assert.equal(freeBoundary([encode("millrace-000000000"), encode("0")]), "millrace-0000000000");
  assert.equal(freeBoundary([encode("mmillrace-0000000000")]), "millrace-0000000001");
});
