import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FairPlaces } from "#runtime/attempts/fair-places";
import { Lanes } from "#runtime/embedded/lanes";
import { QueueFull } from "#runtime/runtime";

const LIMITS = { limit: 2, queue: 3 };

test("property L1 L2: never more turns than the limit, and whoever has waited longest is next", () => {
  const order = (n: number) => String(n).padStart(4, "0");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (limit, steps) => {
      const lanes = new Lanes();
      const turns = Array.from({ length: 10 }, (_, n) => lanes.turn("lane", { limit, queue: 0 }, order(n)));
      const asked = new Set<number>();
      for (const n of steps) {
        if (asked.has(n)) turns[n]?.giveBack();
        else turns[n]?.ask(() => undefined);
        if (!asked.delete(n)) asked.add(n);
        const held = [...asked].filter((one) => turns[one]?.isHeld);
        const waiting = [...asked].filter((one) => !turns[one]?.isHeld).sort((a, b) => a - b);
        assert.equal(held.length, Math.min(limit, asked.size));
        assert.deepEqual(
          waiting.map((one) => turns[one]?.position),
          waiting.map((_, place) => place + 1),
        );
      }
      for (const n of asked) turns[n]?.giveBack();
      assert.equal(lanes.find("lane"), undefined);
    }),
  );
});

test("a line takes as many as may wait, and says so to one more", () => {
  const lanes = new Lanes();
  const join = (order: string) => lanes.turn("lane", LIMITS, order).ask(() => undefined);
  for (const order of ["1", "2", "3", "4"]) {
    lanes.assertRoom("lane", LIMITS);
    join(order);
  }
  lanes.assertRoom("lane", LIMITS);
  join("5");
  assert.throws(() => lanes.assertRoom("lane", LIMITS), QueueFull);
  lanes.assertRoom("another", LIMITS);
});

test("property: places are shared out by turns among the groups that wait, each in its order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 30 }),
      (size, groups) => {
        const places = new FairPlaces(size);
        const served: number[] = [];
        const all = groups.map((group) => places.place(group));
        all.forEach((place, n) => {
          place.take(() => served.push(n));
        });
        assert.equal(served.length, Math.min(size, groups.length));
        for (let n = 0; n < groups.length; n++) {
          all[served[n] ?? -1]?.leave();
          assert.equal(served.length, Math.min(size + n + 1, groups.length));
        }
        for (const group of new Set(groups)) {
          const own = served.filter((n) => groups[n] === group);
          assert.deepEqual(
            own,
            [...own].sort((a, b) => a - b),
          );
        }
        // Of those that wait, none is served twice while another one waits.
        const waited = served.slice(size).map((n) => groups[n]);
        for (const [n, group] of waited.entries()) {
          const next = waited.indexOf(group, n + 1);
          if (next < 0) continue;
          const others = new Set(waited.slice(next + 1).filter((one) => one !== group));
          const between = new Set(waited.slice(n + 1, next));
          for (const other of others) assert.ok(between.has(other), `${group} came twice before ${other}: ${waited}`);
        }
      },
    ),
  );
});

test("a place that is left before it came is nobody's, and one that is left twice is free once", () => {
  const places = new FairPlaces(1);
  const served: string[] = [];
  const [first, second, third] = ["a", "a", "b"].map((group) => places.place(group));
  first?.take(() => served.push("first"));
  second?.take(() => served.push("second"));
  second?.leave();
  third?.take(() => served.push("third"));
  assert.deepEqual(served, ["first"]);
  first?.leave();
  first?.leave();
  assert.deepEqual(served, ["first", "third"]);
  const fourth = places.place("c");
  fourth.take(() => served.push("fourth"));
  assert.deepEqual(served, ["first", "third"]);
});
