import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isScalar, parseDocument, Scalar, stringify } from "yaml";
import { sourceOffsets } from "#workflows/scalar-offsets";

/** The value at `at` in the text, and where each of its units stands. */
function read(text: string, at: readonly (string | number)[]) {
  const node = parseDocument(text, { keepSourceTokens: true }).getIn(at, true);
  assert.ok(isScalar(node) && typeof node.value === "string", text);
  return { value: node.value, offsets: sourceOffsets(text, node, node.value), type: node.type };
}

/** Every unit that is written as itself is found where it is written; the others are found in order. */
function assertAligned(text: string, at: readonly (string | number)[]): void {
  const { value, offsets } = read(text, at);
  assert.equal(offsets.length, value.length + 1);
  for (let unit = 0; unit < value.length; unit++) {
    const source = text[offsets[unit] ?? -1];
    const same =
      source === value[unit] || source === "\\" || /\s/.test(value[unit] ?? "") || text.slice((offsets[unit] ?? 0) - 1).startsWith("\\");
    assert.ok(same, `unit ${unit} of ${JSON.stringify(value)} is found at ${JSON.stringify(source)} of ${JSON.stringify(text)}`);
    assert.ok((offsets[unit] ?? 0) <= (offsets[unit + 1] ?? 0), "in order");
  }
}

const words = fc.string({
  unit: fc.constantFrom("a", "b", "Z", "7", " ", " ", "\n", "\t", "'", '"', "\\", "{", "}", "#", ":", "é", "語", "😀"),
  maxLength: 60,
});

for (const type of ["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const) {
  test(`finds each character of a ${type} string, at any indentation and width`, () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 20, max: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (value, lineWidth, indent, crlf) => {
          const scalar = new Scalar(value);
          scalar.type = type;
          const written = stringify({ list: [{ text: scalar, after: 1 }] }, { lineWidth, indent, minContentWidth: 5 });
          // The writer has its own faults: what it cannot read back is nobody's file.
          fc.pre(parseDocument(written).errors.length === 0);
          assertAligned(crlf ? written.replaceAll("\n", "\r\n") : written, ["list", 0, "text"]);
        },
      ),
      { numRuns: 400 },
    );
  });
}

test("finds each character of a JSON string", () => {
  fc.assert(fc.property(words, (value) => assertAligned(JSON.stringify({ list: [value] }, null, 2), ["list", 0])));
});

test("a unit behind escapes, folds and breaks is where it is written", () => {
  const cases: readonly (readonly [text: string, needle: string])[] = [
    ['a: "\\u0041\\x42\\n\\"X"', "X"],
    ['a: "\\U0001F600X"', "X"],
    ['a: "\\ud83d\\ude00X"', "X"],
    ['a: "one \\\n    twoX"', "X"],
    ['a: "one\n\n\n  X"', "X"],
    ["a: 'it''s X'", "X"],
    ["a: one\n  two\n\n  X", "X"],
    ["a: |\n  one\n   two\n\n  X\n", "X"],
    ["a: |2-\n     one\n  X\n", "X"],
    ["a: >\n  one\n  two\n\n   more\n  X\n", "X"],
    ["a: >-\n\n\n  one\n  X\n", "X"],
    ["- |\n X", "X"],
  ];
  for (const [text, needle] of cases) {
    const { value, offsets } = read(text, [text.startsWith("-") ? 0 : "a"]);
    assert.equal(offsets[value.indexOf(needle)], text.indexOf(needle), text);
  }
});
