import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "#nearest-name";

const NAMES = ["topic", "limit", "startDate", "q"];

const CASES: readonly (readonly [string, string | null])[] = [
  ["topik", "topic"],
  ["tpoic", "topic"],
  ["Topic", "topic"],
  ["limits", "limit"],
  ["startdate", "startDate"],
  ["strtDte", "startDate"],
  ["banana", null],
  ["x", null],
  ["", null],
];

for (const [name, near] of CASES) {
  test(`${JSON.stringify(name)} was probably meant as ${near}`, () => assert.equal(nearestName(name, NAMES), near));
}

test("names up to 64 characters are compared", () => {
  const long = "n".repeat(63);
  assert.equal(nearestName(`${long}x`, [`${long}y`]), `${long}y`);
  assert.equal(nearestName(`${long}xx`, [`${long}xy`]), null);
});
