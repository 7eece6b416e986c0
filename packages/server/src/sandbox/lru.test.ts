import assert from "node:assert/strict";
import { test } from "node:test";
import { Lru } from "#sandbox/lru";

test("forgets the least recently used entry, not the oldest", () => {
  const lru = new Lru<string, number>(2);
  assert.equal(lru.set("a", 1), undefined);
  assert.equal(lru.set("b", 2), undefined);
  assert.equal(lru.get("a"), 1);
  assert.equal(lru.set("c", 3), 2);
  assert.deepEqual([lru.has("a"), lru.has("b"), lru.has("c"), lru.size], [true, false, true, 2]);
});

test("setting a known key evicts nothing", () => {
  const lru = new Lru<string, number>(2);
  lru.set("a", 1);
  lru.set("b", 2);
  assert.equal(lru.set("a", 3), undefined);
  assert.deepEqual([lru.get("a"), lru.get("b")], [3, 2]);
});
