import assert from "node:assert/strict";
import { test } from "node:test";
import { boundTogether, fill, piecesOf } from "#text/messages.ts";

test("names are filled in, numbers as the language writes them, and what has no value stays to be seen", () => {
  assert.equal(fill("{name} took {count} steps", { name: "greet", count: 1234 }, "en"), "greet took 1,234 steps");
  assert.equal(fill("{name} は {count} 件", { name: "greet", count: 1234 }, "ja"), "greet は 1,234 件");
  assert.equal(fill("from {place}", {}, "en"), "from {place}");
});

test("the form follows the count where the language has several", () => {
  const message = { one: "{count} run", other: "{count} runs" };
  assert.equal(fill(message, { count: 1 }, "en"), "1 run");
  assert.equal(fill(message, { count: 0 }, "en"), "0 runs");
  assert.equal(fill(message, { count: 1 }, "ja"), "1 runs");
});

test("no line ends between a number and what it counts, in a language without spaces between its words", () => {
  const given = { every: "毎分 2 回、{name} で確認", found: { other: "共 {count} 个 Webhook 端点" } };
  assert.deepEqual(boundTogether(given), {
    every: "毎分 2\u00a0回、{name}\u00a0で確認",
    found: { other: "共 {count}\u00a0个 Webhook 端点" },
  });
});

test("a text is cut at its names, and what only looks like one is text", () => {
  assert.deepEqual(piecesOf("Use {variable} or {}"), [
    { text: "Use ", name: null },
    { text: "{variable}", name: "variable" },
    { text: " or {}", name: null },
  ]);
});
