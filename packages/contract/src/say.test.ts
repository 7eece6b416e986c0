import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, say } from "#say";

const GERMAN = { "no node {0} in {1}": "in {1} gibt es keinen Knoten {0}", "the body of {0}": "dem Rumpf von {0}" };

test("a sentence is English, with its values in it, braces of theirs included", () => {
  assert.equal(inWords(say`no node ${"{1}"} in ${say`the body of ${3}`}`), "no node {1} in the body of 3");
  assert.deepEqual(say`${1} of ${2}`, { text: "{0} of {1}", values: [1, 2] });
});

test("with words of a language it is told in them, its parts too, in their order; what they lack stays English", () => {
  const said = say`no node ${"a"} in ${say`the body of ${"b"}`}`;
  assert.equal(inWords(said, GERMAN), "in dem Rumpf von b gibt es keinen Knoten a");
  assert.equal(inWords(say`no edge ${"toString"}`, GERMAN), "no edge toString");
  assert.equal(inWords(say`toString`, GERMAN), "toString");
});
