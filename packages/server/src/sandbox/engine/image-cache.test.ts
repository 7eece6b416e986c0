import assert from "node:assert/strict";
import { test } from "node:test";
import { ImageCache } from "#sandbox/engine/image-cache";

const image = (bytes: number) => ({ statics: new Uint8Array(), heap: new Uint8Array(bytes), heapEnd: 0 });

test("holds at most its bytes; the least recently used image leaves", () => {
  const cache = new ImageCache(10);
  cache.set(1, image(5));
  cache.set(2, image(5));
  assert.ok(cache.get(1));
  cache.set(3, image(5));
  assert.deepEqual(
    [1, 2, 3].map((slot) => cache.get(slot) !== undefined),
    [true, false, true],
  );
});

test("an image replaced in its slot does not count twice, and one that is too large stands alone", () => {
  const cache = new ImageCache(10);
  for (let i = 0; i < 5; i++) cache.set(1, image(6));
  cache.set(2, image(4));
  assert.deepEqual([cache.get(1) !== undefined, cache.get(2) !== undefined], [true, true]);
  cache.set(3, image(99));
  assert.deepEqual(
    [1, 2, 3].map((slot) => cache.get(slot) !== undefined),
    [false, false, true],
  );
});
