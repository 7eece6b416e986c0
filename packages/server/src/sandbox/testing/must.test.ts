import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ending, violation } from "#sandbox/testing/must";

const failed = (type: string, message = "x"): Ending => ({ type, message });

const HOLDS: readonly [string, Ending][] = [
  ["return:[]", { value: [] }],
  ['return:"undefined"|error', failed("code_error")],
  ["return:any-plain-json & next:clean", { value: { a: 1 } }],
  ["limit:time|limit:memory", failed("code_memory")],
  ["limit:output", failed("limit_exceeded")],
  ["error:stack", failed("code_error", "stack overflow")],
  ["error & message<=1000", failed("code_error", "x".repeat(1_000))],
];

const VIOLATED: readonly [string, Ending][] = [
  ["return:[]", { value: [1] }],
  ["return:1", { value: "1" }],
  ["return:any-plain-json", failed("code_error")],
  ["error", { value: 1 }],
  ["error", failed("code_timeout")],
  ["limit:time", failed("code_error")],
  ["error:stack", failed("code_error", "other")],
  ["error & message<=1000", failed("code_error", "x".repeat(1_001))],
];

for (const [must, ending] of HOLDS) test(`holds: ${must}`, () => assert.equal(violation(must, ending), undefined));
for (const [must, ending] of VIOLATED) test(`does not hold: ${must}`, () => assert.notEqual(violation(must, ending), undefined));
