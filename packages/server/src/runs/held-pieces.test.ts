import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldPieces, MAX_HELD_CHARACTERS } from "#runs/held-pieces";
import type { ShownPiece } from "#runtime/runtime";

const piece = (text: string, more: Partial<ShownPiece> = {}): ShownPiece => ({
  ...{ path: "a", attempt: 1, channel: "text", from: 0 },
  text,
  ...more,
});

test("pieces that follow one another are one; those of another attempt, place or channel are not", () => {
  const held = new HeldPieces();
  for (const one of [
    piece("a"),
    piece("b"),
    piece("r", { channel: "reasoning" }),
    piece("c", { path: "b" }),
    piece("d", { attempt: 2, path: "b" }),
  ])
    held.add(one);
  held.seal();
  assert.deepEqual(
    held.takeSealed().map(({ text }) => text),
    ["ab", "r", "c", "d"],
  );
});

test("what came after the seal waits for the next", () => {
  const held = new HeldPieces();
  held.add(piece("a"));
  held.seal();
  held.add(piece("b"));
  assert.deepEqual(held.takeSealed(), [piece("a")]);
  assert.deepEqual(held.takeSealed(), []);
  held.seal();
  assert.deepEqual(held.takeSealed(), [piece("b")]);
});

test("an attempt that ended gives what is left of it, and of no later one", () => {
  const held = new HeldPieces();
  for (const one of [piece("a"), piece("x", { path: "b" }), piece("c", { attempt: 2 })]) held.add(one);
  held.seal();
  assert.deepEqual(held.takeOf("a", 1), [piece("a")]);
  assert.deepEqual(held.takeOf("a"), [piece("c", { attempt: 2 })]);
  assert.deepEqual(held.takeSealed(), [piece("x", { path: "b" })]);
});

test("a reader that is too far behind hears no more of that attempt, and all of the next", () => {
  const held = new HeldPieces();
  const half = "x".repeat(MAX_HELD_CHARACTERS / 2);
  assert.ok(held.add(piece(half)) && held.add(piece(half)));
  assert.equal(held.add(piece("y")), false);
  held.seal();
  assert.deepEqual(held.takeSealed(), []);
  assert.equal(held.add(piece("z")), false);
  assert.deepEqual(held.takeOf("a", 1), []);
  assert.ok(held.add(piece("w", { attempt: 2 })));
});
