import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { timeScale } from "#pages/run/time-scale.ts";

const HOUR = 3_600_000;

test("without idle stretches moments lie where they were", () => {
  const scale = timeScale([{ from: 0, to: 1_000 }], { from: 0, to: 1_000 }, true);
  assert.deepEqual([scale.at(0), scale.at(250), scale.at(1_000)], [0, 0.25, 1]);
  assert.deepEqual(scale.gaps, []);
});

test("an hour in which a person thought is a narrow gap, and the rest is seen", () => {
  const busy = [
    { from: 0, to: 1_000 },
    { from: HOUR, to: HOUR + 1_000 },
  ];
  const scale = timeScale(busy, { from: 0, to: HOUR + 1_000 }, true);
  assert.equal(scale.gaps.length, 1);
  assert.ok(scale.at(1_000) > 0.45 && scale.at(HOUR) < 0.55);
  const whole = timeScale(busy, { from: 0, to: HOUR + 1_000 }, false);
  assert.deepEqual(whole.gaps, []);
  assert.ok(whole.at(1_000) < 0.001);
});

test("short pauses are not folded", () => {
  const busy = [
    { from: 0, to: 100 },
    { from: 400, to: 500 },
  ];
  assert.deepEqual(timeScale(busy, { from: 0, to: 500 }, true).gaps, []);
});

test("later moments never lie before earlier ones, and all lie within", () => {
  const stretch = fc.tuple(fc.nat(100_000), fc.nat(5_000)).map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(fc.array(stretch), fc.array(fc.nat(110_000)), fc.boolean(), (busy, moments, fold) => {
      const scale = timeScale(busy, { from: 0, to: 105_000 }, fold);
      const places = moments.toSorted((a, b) => a - b).map((moment) => scale.at(moment));
      places.forEach((place, n) => {
        assert.ok(place >= 0 && place <= 1 && place >= (places[n - 1] ?? 0) - 1e-9);
      });
    }),
  );
});
