import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AnswerReader } from "#sandbox/answer-reader";
import { ANSWER_HEADER_BYTES } from "#sandbox/protocol";

function encode(status: number, isHealthy: boolean, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(ANSWER_HEADER_BYTES);
  header.writeUInt32LE(body.length, 0);
  header[4] = status;
  header[5] = isHealthy ? 1 : 0;
  return Buffer.concat([header, body]);
}

test("answers come out whole and in order, however the pipe cuts them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 50 }),
      (texts, size) => {
        const bytes = Buffer.concat(texts.map((text, i) => encode(i, i % 2 === 0, text)));
        const seen: [number, boolean, string][] = [];
        const reader = new AnswerReader((...answer) => seen.push(answer));
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
        assert.deepEqual(
          seen,
          texts.map((text, i) => [i, i % 2 === 0, text]),
        );
      },
    ),
  );
});
