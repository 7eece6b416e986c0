import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ReadyNode, ReadyNodes } from "#apply/ready-nodes";

const change = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: fc.array(fc.nat({ max: 40 }), { maxLength: 90 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ removeOrder: fc.nat({ max: 40 }) }) },
);

test("nodes that may start are in plan order, then in the order in which they came, as in a sorted array; old values stay as they were", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      let [ready, expected]: [ReadyNodes, readonly ReadyNode[]] = [ReadyNodes.NONE, []];
      const kept: (readonly [ReadyNodes, readonly ReadyNode[]])[] = [];
      let count = 0;
      for (const one of changes) {
        if ("add" in one) {
          const added = one.add.map((order) => ({ order, path: `n${count++}` }));
          ready = ready.with(added);
          expected = [...expected, ...added].toSorted((a, b) => a.order - b.order);
        } else if ("remove" in one) {
          const gone = expected[one.remove % Math.max(1, expected.length)] ?? { path: "nobody", order: 3 };
          ready = ready.without(gone.path, gone.order);
          expected = expected.filter((other) => other !== gone);
        } else {
          const gone = new Set(expected.filter(({ order }) => order === one.removeOrder).map(({ path }) => path));
          ready = ready.withoutAll((path) => gone.has(path));
          expected = expected.filter(({ path }) => !gone.has(path));
        }
        kept.push([ready, expected]);
      }
      for (const [value, array] of kept) {
        assert.deepEqual([...value.all()], array);
        assert.equal(value.isEmpty, array.length === 0);
      }
    }),
    { numRuns: 200 },
  );
});
