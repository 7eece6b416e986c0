import assert from "node:assert/strict";
import { test } from "node:test";
import { BEAT_MS, LEASE_MS, Liveness } from "#store/lease";

test("an owner is dead once its beat has stood still for the lease, and not before", () => {
  let now = 0;
  const liveness = new Liveness(() => now);
  const alive = (beat: number) => liveness.observe(new Map([["a", beat]])).has("a");
  assert.ok(alive(1), "seen for the first time");
  now = LEASE_MS - 1;
  assert.ok(alive(1), "the lease is not over");
  now = LEASE_MS;
  assert.ok(!alive(1), "the lease is over");
  assert.ok(alive(2), "it beats again");
  now += LEASE_MS - 1;
  assert.ok(alive(2));
});

test("a store that was away, or stood still, took no beats: nobody is dead because of it", async () => {
  let now = 0;
  const liveness = new Liveness(() => now);
  const alive = async (took: number) =>
    liveness
      .observe(
        await liveness.looking(async () => {
          now += took;
          return new Map([["a", 1]]);
        }),
      )
      .has("a");
  assert.ok(await alive(0));
  await assert.rejects(liveness.looking(() => Promise.reject(new Error("away"))));
  now += LEASE_MS;
  assert.ok(await alive(0), "away in between");
  assert.ok(await alive(LEASE_MS), "it stood still");
  now += LEASE_MS - 1;
  assert.ok(await alive(0), "the lease is not over");
  now += LEASE_MS;
  assert.ok(!(await alive(0)), "it is");
});

test("four looks are a lease, though the first was answered later than the others", async () => {
  let now = 0;
  const liveness = new Liveness(() => now);
  const looks: boolean[] = [];
  for (let look = 0; look < 4; look++) {
    now = look * BEAT_MS;
    const beats = await liveness.looking(async () => {
      now += look === 0 ? 100 : 0;
      return new Map([["a", 1]]);
    });
    looks.push(liveness.observe(beats).has("a"));
  }
  assert.deepEqual(looks, [true, true, true, false]);
});

test("an owner that left and came back is judged anew", () => {
  let now = 0;
  const liveness = new Liveness(() => now);
  liveness.observe(new Map([["a", 1]]));
  liveness.observe(new Map());
  now = LEASE_MS;
  assert.ok(liveness.observe(new Map([["a", 1]])).has("a"));
});
