import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Redactor } from "#secrets/redactor";

const SECRET = 'sk-Ab9+/"q\\x<&>z=kk09';
const LONGER = `${SECRET}-and-more`;

const SPELLINGS: readonly ((value: string) => string)[] = [
  (value) => value,
  encodeURIComponent,
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => Buffer.from(value).toString("base64"),
  (value) => Buffer.from(value).toString("hex"),
];

function shown(redactor: Redactor, pieces: readonly string[]): string[] {
  const filter = redactor.stream();
  return [...pieces.map((piece) => filter.push(piece)), filter.end()];
}

function cut(text: string, places: readonly number[]): readonly string[] {
  const cuts = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return cuts.slice(1).map((to, index) => text.slice(cuts[index], to));
}

const words = fc.array(
  fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(...SPELLINGS).map((spell) => spell(SECRET)),
    fc.constantFrom(LONGER, SECRET.slice(0, 7), SECRET.slice(3)),
  ),
  { maxLength: 6 },
);

test("however a text is cut, what is shown is what is shown of the whole", () => {
  const redactor = new Redactor([SECRET, LONGER]);
  fc.assert(
    fc.property(words, fc.array(fc.nat({ max: 500 }), { maxLength: 40 }), (parts, places) => {
      const text = parts.join("|");
      assert.equal(shown(redactor, cut(text, places)).join(""), redactor.text(text));
    }),
    { seed: 11, numRuns: 3_000 },
  );
});

test("what cannot be the beginning of a secret is shown at once", () => {
  const redactor = new Redactor([SECRET]);
  assert.deepEqual(shown(redactor, ["The answer ", "is 42. ", "No secret"]), ["The answer ", "is 42. ", "No secret", ""]);
  assert.deepEqual(shown(redactor, ["It is sk", "etchy"]), ["It is ", "sketchy", ""]);
  assert.deepEqual(shown(redactor, [...`<${SECRET}>`]).join(""), "<***>");
});

test("a text that is nothing but beginnings takes no longer than its length", () => {
  const redactor = new Redactor([`${"a".repeat(60)}b`]);
  const filter = redactor.stream();
  let length = 0;
  for (let n = 0; n < 5_000; n++) length += filter.push("a".repeat(10)).length;
  assert.equal(length + filter.end().length, 50_000);
});
