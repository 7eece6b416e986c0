import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { faultOf, placeOf } from "#http/json-fault";

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  '"a"',
  "\\u00e9",
  "\\",
  "\\n",
  "0",
  "01",
  "-",
  "1.5",
  "1e",
  "E+3",
  "true",
  "nul",
  "l",
  " ",
  "\n",
];

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // The one thing that the parser throws.
  }
}

test("where a text is JSON there is no fault, and where it is none there is one", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      assert.equal(faultOf(text) === null, parses(text), text);
    }),
    { numRuns: 20_000 },
  );
});

test("a JSON text that is cut off is at fault at its end, and one with a character that cannot stand there at that character", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (whole, at) => {
      const cut = whole.slice(0, at % whole.length);
      assert.ok(parses(cut) || faultOf(cut) === cut.length, cut);
      assert.equal(faultOf(`${cut}\u0001${whole.slice(cut.length)}`), cut.length);
    }),
    { numRuns: 2_000 },
  );
});

test("no depth ends the process, and a place counts from 1", () => {
  assert.equal(faultOf("[".repeat(1_000_000)), 1_000_000);
  assert.deepEqual(
    [placeOf("", 0), placeOf("a\nbc", 3), placeOf("a\n", 2)],
    [
      { line: 1, column: 1 },
      { line: 2, column: 2 },
      { line: 2, column: 1 },
    ],
  );
});
