import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitText } from "#split/split-text";

/** Few letters, so that delimiters overlap and occur. */
const letters = fc.string({ unit: fc.constantFrom("a", "b", "-", ",", "𝒜"), maxLength: 30 });
const delimiters = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "-", ","), maxLength: 3 }), { maxLength: 5 });

/** What the words say, without regard to speed: the separators that were found, and the pieces between them. */
function reference(text: string, given: readonly string[]): { pieces: string[]; found: string[] } {
  const pieces = [""];
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const matching = given.filter((delimiter) => delimiter !== "" && text.startsWith(delimiter, at));
    const longest = matching.reduce((best, one) => (one.length > best.length ? one : best), "");
    if (longest === "") pieces.push((pieces.pop() ?? "") + text.charAt(at++));
    else {
      found.push(longest);
      pieces.push("");
      at += longest.length;
    }
  }
  return { pieces, found };
}

test("pieces are those of the definition, and with the delimiters between them they are the text", () => {
  fc.assert(
    fc.property(letters, delimiters, (text, given) => {
      const { pieces, found } = reference(text, given);
      assert.deepEqual(splitText(text, given), pieces);
      assert.equal(pieces.map((piece, index) => piece + (found[index] ?? "")).join(""), text);
    }),
    { numRuns: 2_000 },
  );
});

test("one delimiter splits as String.split does", () => {
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "-"), minLength: 1, maxLength: 2 }), (text, delimiter) => {
      assert.deepEqual(splitText(text, [delimiter]), text.split(delimiter));
    }),
  );
});

test("the order and the repetition of delimiters do not matter", () => {
  fc.assert(
    fc.property(letters, delimiters, (text, given) => {
      assert.deepEqual(splitText(text, [...given].reverse().concat(given)), splitText(text, given));
    }),
  );
});
