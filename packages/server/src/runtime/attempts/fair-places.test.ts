import assert from "node:assert/strict";
import { test } from "node:test";
import { FairPlaces, type Place } from "#runtime/attempts/fair-places";

/** Asks for so many places; who has got one is noted. */
function asking(places: FairPlaces, granted: string[], group: string, count: number): Place[] {
  return Array.from({ length: count }, () => {
    const place = places.place(group);
    place.take(() => granted.push(group));
    return place;
  });
}

test("whoever waits is served by turns, group by group", () => {
  const granted: string[] = [];
  const places = new FairPlaces(1);
  const ours = asking(places, granted, "a", 4);
  asking(places, granted, "b", 1);
  ours[0]?.leave();
  ours[1]?.leave();
  assert.deepEqual(granted, ["a", "a", "b"]);
});

test("of spare places no single group takes any: whoever else comes has one at once", () => {
  const granted: string[] = [];
  const places = new FairPlaces(8, { spareShare: 1 / 4 });
  const greedy = asking(places, granted, "greedy", 20);
  assert.deepEqual(granted, Array(6).fill("greedy"));
  const [light] = asking(places, granted, "light", 1);
  assert.equal(granted.at(-1), "light");
  light?.leave();
  assert.equal(granted.length, 7);
  greedy[0]?.leave();
  assert.deepEqual([granted.length, granted.at(-1)], [8, "greedy"]);
});

test("places that are too few for a share are nobody's spare ones; more places make more of them", () => {
  const granted: string[] = [];
  const places = new FairPlaces(3, { spareShare: 1 / 4 });
  asking(places, granted, "a", 20);
  assert.equal(granted.length, 3);
  places.resize(8);
  assert.equal(granted.length, 6);
});
