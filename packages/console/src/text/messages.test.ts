import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, piecesOf } from "#text/messages.ts";

test("names are filled in, numbers as the language writes them, and what has no value stays to be seen", () => {
  assert.equal(fill("{name} took {count} steps", { name: "greet", count: 1234 }, "en"), "greet took 1,234 steps");
  assert.equal(fill("{name} は {count} 件", { name: "greet", count: 1234 }, "ja"), "greet は 1,234\u00a0件");
  assert.equal(fill("from {place}", {}, "en"), "from {place}");
});

test("no line ends between a number and what it counts, where words have no spaces of their own", () => {
  assert.equal(fill("{name} の {count} 件", { name: "run 2 を", count: 3 }, "ja"), "run 2 を の 3\u00a0件");
  assert.equal(fill("共 {count} 个，{name} 等", { count: 12, name: "greet" }, "zh-CN"), "共 12\u00a0个，greet 等");
  assert.equal(fill("{count} runs", { count: 3 }, "en"), "3 runs");
});

test("the form follows the count where the language has several", () => {
  const message = { one: "{count} run", other: "{count} runs" };
  assert.equal(fill(message, { count: 1 }, "en"), "1 run");
  assert.equal(fill(message, { count: 0 }, "en"), "0 runs");
  assert.equal(fill(message, { count: 1 }, "ja"), "1\u00a0runs");
});

test("a text is cut at its names, and what only looks like one is text", () => {
  assert.deepEqual(piecesOf("Use {variable} or {}"), [
    { text: "Use ", name: null },
    { text: "{variable}", name: "variable" },
    { text: " or {}", name: null },
  ]);
});
