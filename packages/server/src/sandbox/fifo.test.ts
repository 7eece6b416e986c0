import assert from "node:assert/strict";
import { test } from "node:test";
import { Fifo } from "#sandbox/fifo";

test("takes in order, also after items were put before all others", () => {
  const fifo = new Fifo<number>();
  for (let i = 0; i < 5_000; i++) fifo.push(i);
  for (let i = 0; i < 3_000; i++) assert.equal(fifo.shift(), i);
  fifo.unshift([-2, -1]);
  assert.equal(fifo.length, 2_002);
  const seen = fifo.toArray();
  assert.deepEqual([fifo.shift(), fifo.shift(), fifo.shift()], [-2, -1, 3_000]);
  assert.deepEqual(seen.slice(0, 3), [-2, -1, 3_000]);
  assert.equal(fifo.drain().length, 1_999);
  assert.equal(fifo.shift(), undefined);
  assert.equal(fifo.length, 0);
});
