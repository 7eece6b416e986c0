import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { FilterProblem, readFilter } from "#knowledge/filter";
import { MAX_CONDITIONS, MAX_VALUES } from "#knowledge/limits";

test("a value is equal, and an object has conditions; all of them hold", () => {
  assert.deepEqual(readFilter({ lang: "en", year: { gte: 2024, lt: 2026 }, draft: { exists: false }, kind: { not: ["a", "b"] } }), [
    { key: "lang", is: "in", values: ["en"] },
    { key: "year", is: ">=", value: 2024 },
    { key: "year", is: "<", value: 2026 },
    { key: "draft", is: "not there" },
    { key: "kind", is: "not in", values: ["a", "b"] },
  ]);
  assert.deepEqual(readFilter(null), []);
});

test("what is no filter is refused, with its place", () => {
  const wrong: readonly JsonObject[] = [
    { k: null },
    { k: ["a"] },
    { k: {} },
    { k: { in: ["a", null] } },
    { k: { gt: true } },
    { k: { exists: "x" } },
  ];
  for (const filter of wrong) assert.throws(() => readFilter(filter), { key: "k" });
  for (const key of ["", "a b", 'a"', "a".repeat(65), "__proto__ x"]) assert.throws(() => readFilter({ [key]: 1 }), FilterProblem);
  assert.equal(readFilter({ ["a".repeat(64)]: 1 }).length, 1);
});

test("conditions and values are bounded", () => {
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
  assert.equal(readFilter(keys(MAX_CONDITIONS)).length, MAX_CONDITIONS);
  assert.throws(() => readFilter(keys(MAX_CONDITIONS + 1)), FilterProblem);
  const values = (count: number) => ({ k: { in: Array.from({ length: count }, (_, at) => at) } });
  assert.equal(readFilter(values(MAX_VALUES)).length, 1);
  assert.throws(() => readFilter(values(MAX_VALUES + 1)), { key: "k" });
});
