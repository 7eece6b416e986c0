import assert from "node:assert/strict";
import { test } from "node:test";
import Schema from "typebox/schema";
import { testFileSchema } from "#workflow-test";

const file = (testCase: object) => ({ workflow: "news", cases: [{ name: "a", ...testCase }] });

/** What a test file may say of one case. */
const GOOD: readonly object[] = [
  {},
  { input: { topic: "News" }, userId: "u1", now: "2025-01-01T00:00:00Z" },
  { mocks: { fetch: { fail: "http_503" }, ask: { approve: true, afterMs: 5 }, llm: { text: "x", tokens: { in: 1, credits: "0.5" } } } },
  { mocks: { fetch: { fail: ["http_503", { type: "http_429", retryAfterMs: 5 }], output: { body: 1 } } } },
  {
    mocks: {
      price: {
        perItem: [
          { index: 1, output: {} },
          { item: { match: "a" }, fail: "code_error" },
        ],
      },
    },
  },
  { mocks: { call: { mocks: { inner: { mocks: { deep: { port: "out" } } } } } } },
  { mocks: { agent: { answers: [{ toolCalls: [{ name: "f", input: {} }] }, { json: [1] }] } } },
  { expect: { status: "FAILED", error: { type: { match: "^http" }, node: "fetch" }, path: { contains: ["a"] } } },
  { expect: { output: { text: { match: "a" } }, path: ["a"], maxTokens: 1, maxCredits: 0.5, nodes: { a: { attempts: 2, output: 1 } } } },
];

const BAD: readonly object[] = [
  { name: "" },
  { inputs: {} },
  { mocks: { fetch: { outptu: {} } } },
  { mocks: { fetch: { fail: [] } } },
  { mocks: { ask: { approve: false } } },
  { mocks: { call: { mocks: { inner: { nope: 1 } } } } },
  { mocks: { price: { perItem: [{ nope: 1 }] } } },
  { expect: { status: "DONE" } },
  { expect: { path: "a" } },
];

test("the published schema takes what test files may say, and nothing else", () => {
  const schema = testFileSchema();
  for (const good of GOOD) assert.ok(Schema.Check(schema, file(good)), JSON.stringify(good));
  for (const bad of BAD) assert.ok(!Schema.Check(schema, file(bad)), JSON.stringify(bad));
  assert.ok(Schema.Check(schema, { $schema: "../test.json", ...file({}) }));
  assert.ok(!Schema.Check(schema, { workflow: "news", cases: [] }));
  assert.equal(schema["$id"], "millrace-test-1.json");
});
