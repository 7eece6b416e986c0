import assert from "node:assert/strict";
import { test } from "node:test";
import { whenCalm } from "#http/when-calm";

/** Turns of an event loop that take so long each, ms; the number of turns after which it was calm. */
function calmAfter(turns: Iterable<number>): number {
  let now = 0;
  let next: (() => void) | null = null;
  const soon = (wake: () => void): void => {
    next = wake;
  };
  let isCalm = false;
  whenCalm({ mono: () => now, soon }, () => {
    isCalm = true;
  });
  let count = 0;
  for (const ms of turns) {
    now += ms;
    const wake = next as (() => void) | null;
    next = null;
    wake?.();
    count += 1;
    if (isCalm) return count;
  }
  return Number.POSITIVE_INFINITY;
}

test("it is calm behind the first brief turn that is whole", () => {
  assert.equal(calmAfter([0.01, 0.05]), 2, "not in the turn that began before");
  assert.equal(calmAfter([3, 2, 0.2, 0.09]), 4);
});

test("without a brief turn it is calm all the same, in the end", () => {
  assert.equal(calmAfter(Array.from({ length: 1_000 }, () => 5)), 501);
  assert.equal(calmAfter(Array.from({ length: 500 }, () => 5)), Number.POSITIVE_INFINITY);
});
