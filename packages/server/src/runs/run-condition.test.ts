import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "#request-error";
import { parseCondition } from "#runs/run-condition";

const run = {
  input: { topic: "Über AI and more", n: 3, list: [{ a: "x" }], ok: true, kana: "ﾆｭｰｽ" },
  output: { text: "done" },
  error: null,
};

const HOLDS = [
  'input.topic ~ "AI"',
  "input.topic ~ ai",
  'input.topic ~ "AI and more"',
  "input.n = 3",
  "input.n > 2",
  "input.n <= 3 and output.text = done",
  'input.list[0].a = "x"',
  "input.ok = true",
  "input.absent != 1",
  "input.kana ~ ニュース",
  "input ~ topic",
  'output.text >= "a"',
];
const FAILS = [
  "input.topic ~ zz",
  "input.n = 4",
  "input.n > 3",
  'input.n > "2"',
  "input.list[1].a = x",
  "error.type = x",
  "input.absent ~ a",
];
const INVALID = [
  "",
  "topic = 1",
  "input.topic",
  "input.topic ~",
  "input.a == ",
  Array(13).fill("input.n = 3").join(" and "),
  "input . a = 1",
  "run.absent = 1",
  "run = 1",
];

const holds = (text: string): boolean | undefined => parseCondition(text).ofValues?.(run);

test("a condition reads a path of the run, and compares it", () => {
  for (const text of HOLDS) assert.ok(holds(text), text);
  for (const text of FAILS) assert.ok(!holds(text), text);
});

test("what is no condition is refused; so many are taken at most", () => {
  for (const text of INVALID) assert.throws(() => parseCondition(text), RequestError, text);
  assert.ok(holds(Array(12).fill("input.n = 3").join(" and ")));
});

test("members of prototypes are none", () => {
  assert.ok(!holds("input.constructor ~ a"));
  assert.ok(!holds("input.__proto__ ~ o"));
});
