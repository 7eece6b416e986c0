import assert from "node:assert/strict";
import { test } from "node:test";
import { fuse } from "#knowledge/fuse";

const ranking = (...ids: readonly number[]) => ids.map((id, at) => ({ id, score: 10 - at }));

test("the first of every ranking has 1, and what stands in both goes before what stands in one", () => {
  const fused = fuse([ranking(1, 2, 3), ranking(1, 3)]);
  assert.deepEqual(
    fused.map(({ id }) => id),
    [1, 3, 2],
  );
  assert.equal(fused[0]?.score, 1);
  assert.deepEqual(fused[2]?.places, [{ rank: 2, score: 9 }, null]);
});

test("equal ones stand by their ids; one ranking keeps its order; none is nothing", () => {
  assert.deepEqual(
    fuse([ranking(7), ranking(5)]).map(({ id, score }) => [id, score]),
    [
      [5, 0.5],
      [7, 0.5],
    ],
  );
  assert.deepEqual(
    fuse([ranking(3, 1, 2)]).map(({ id }) => id),
    [3, 1, 2],
  );
  assert.deepEqual(fuse([[], []]), []);
});
