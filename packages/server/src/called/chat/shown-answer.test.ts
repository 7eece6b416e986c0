import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ShownAnswer } from "#called/chat/shown-answer";

const piece = (text: string, attempt = 1, from = 0, path = "answer") => ({ path, attempt, channel: "text", from, text }) as const;

test("what is taken and the rest are the answer, however attempts break off, as long as they say the same", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.array(fc.nat(5))), fc.array(fc.boolean()), (answer, attempts, takes) => {
      const shown = new ShownAnswer(new Set(["answer"]));
      let taken = "";
      for (const [attempt, lengths] of attempts.entries()) {
        let at = 0;
        for (const [n, length] of lengths.entries()) {
          shown.add(piece(answer.slice(at, at + length), attempt + 1, at));
          at = Math.min(at + length, answer.length);
          if (takes[n]) taken += shown.take().text;
        }
      }
      taken += shown.take().text;
      assert.equal(taken + shown.rest(answer), answer);
    }),
  );
});

test("an attempt that says something else is not shown, and the answer has no rest", () => {
  const shown = new ShownAnswer(new Set(["answer"]));
  shown.add(piece("One"));
  shown.add(piece("Two", 2));
  assert.deepEqual([shown.take().text, shown.rest("Two"), shown.rest("One more")], ["One", null, " more"]);
});

test("of an attempt that was missed in part nothing more is shown; the rest has it", () => {
  const shown = new ShownAnswer(new Set(["answer"]));
  for (const [text, from] of [
    ["One", 0],
    ["three", 6],
    ["four", 11],
  ] as const)
    shown.add(piece(text, 1, from));
  assert.deepEqual([shown.take().text, shown.rest("Onetwothreefour")], ["One", "twothreefour"]);
});

test("other nodes are not heard, and reasoning is apart", () => {
  const shown = new ShownAnswer(new Set(["answer"]));
  assert.equal(shown.add(piece("no", 1, 0, "other")), false);
  assert.equal(shown.add({ ...piece("hm"), channel: "reasoning" }), true);
  assert.deepEqual(shown.take(), { text: "", reasoning: "hm" });
});
