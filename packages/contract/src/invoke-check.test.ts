import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Check } from "typebox/value";
import type { Fault } from "#fault";
import { checkInvokeBody, checkQueryBody, type InvokeCheckOptions } from "#invoke-check";
import { LIMITS } from "#limits";
import { fromPointer } from "#pointer";
import { InvokeBody, QueryBody } from "#run";

function faults(body: unknown, options?: InvokeCheckOptions): readonly Fault[] {
  const result = checkInvokeBody(body, options);
  return result.ok ? [] : result.faults;
}
const codes = (body: unknown): string[] => faults(body).map(({ path, code }) => `${path} ${code}`);
const hook = { method: "POST", url: "https://hooks.example.com/runs" };

test("the smallest body has the defaults", () => {
  assert.deepEqual(checkInvokeBody({ input: {} }), { ok: true, body: { userId: null, input: {}, isAsync: false, webhook: [] } });
});

test("a full body is normalised: method upper case, fragment dropped, input untouched", () => {
  const input = { topic: "tides", limit: 2 };
  const webhook = [
    { method: "get", url: "https://ping.example.net/done?source=mill#top" },
    { ...hook, headers: { "X-Team": "harbour" }, note: 1 },
  ];
  const result = checkInvokeBody({ userId: "u-204", input, isAsync: true, webhook, extra: [] });
  assert.ok(result.ok);
  assert.equal(result.body.input, input);
  assert.deepEqual(result.body.webhook, [
    { method: "GET", url: "https://ping.example.net/done?source=mill", headers: {} },
    { ...hook, headers: { "X-Team": "harbour" } },
  ]);
});

test("null for an optional member and an empty list are the same as absent", () => {
  const result = checkInvokeBody({ userId: null, input: {}, isAsync: null, webhook: null });
  assert.deepEqual(result, checkInvokeBody({ input: {}, webhook: [] }));
  assert.deepEqual(codes({ input: {}, webhook: [{ ...hook, headers: null }] }), []);
});

test("every fault is reported, in the order of the members, with its pointer", () => {
  const body = { userId: 5, input: [], isAsync: "true", webhook: [hook, { method: "DELETE", url: "ftp://x" }, 7, {}] };
  assert.deepEqual(codes(body), [
    "/userId type",
    "/input type",
    "/isAsync type",
    "/webhook/1/method enum",
    "/webhook/1/url url",
    "/webhook/2 type",
    "/webhook/3/method required",
    "/webhook/3/url required",
  ]);
});

test("a fault names the path, what was expected and what came", () => {
  assert.deepEqual(faults({}), [
    { path: "/input", code: "required", expected: "object", received: "nothing", message: "input: expected object, got nothing" },
  ]);
  assert.equal(faults({ input: null })[0]?.message, "input: expected object, got null");
  assert.equal(faults([])[0]?.message, "body: expected object, got array");
  const [fault] = faults({ input: {}, isAsync: "true" }, { language: "zh-CN" });
  assert.deepEqual([fault?.expected, fault?.message], ["boolean", "isAsync：应为 boolean，实际为 string"]);
});

test("userId has at most 256 code points", () => {
  const limit = LIMITS.userIdCharacters.value;
  assert.deepEqual(codes({ userId: "😀".repeat(limit), input: {} }), []);
  assert.deepEqual(codes({ userId: "a".repeat(limit + 1), input: {} }), ["/userId max_length"]);
  assert.deepEqual(codes({ userId: `${"😀".repeat(limit)}a`, input: {} }), ["/userId max_length"]);
  assert.deepEqual(codes({ userId: "", input: {} }), []);
});

test("W21: five webhooks are accepted, six are not", () => {
  const limit = LIMITS.webhooks.value;
  assert.deepEqual(codes({ input: {}, webhook: Array(limit).fill(hook) }), []);
  assert.deepEqual(codes({ input: {}, webhook: Array(limit + 1).fill(hook) }), ["/webhook max_items"]);
  assert.deepEqual(codes({ input: {}, webhook: hook }), ["/webhook type"]);
});

test("a webhook URL has at most 2048 characters and no user information", () => {
  const limit = LIMITS.webhookUrlCharacters.value;
  const url = "https://a.example/".padEnd(limit, "x");
  const withUrl = (text: unknown) => codes({ input: {}, webhook: [{ ...hook, url: text }] });
  assert.deepEqual(withUrl(url), []);
  assert.deepEqual(withUrl(`${url}x`), ["/webhook/0/url max_length"]);
  assert.deepEqual(withUrl("https://user:secret@a.example/"), ["/webhook/0/url url"]);
  assert.deepEqual(withUrl(5), ["/webhook/0/url type"]);
});

test("the credentials of a refused URL are not repeated", () => {
  const text = JSON.stringify(faults({ input: {}, webhook: [{ ...hook, url: "https://user:secret@a.example/" }] }));
  assert.equal(text.includes("secret"), false);
});

test("a refused host is a fault with the reason; the callback sees the URL as it is stored", () => {
  const seen: string[] = [];
  const refuseHost = (url: string): string | null => {
    seen.push(url);
    return url.includes("127.0.0.1") ? "loopback address" : null;
  };
  const webhook = [hook, { method: "PUT", url: "http://127.0.0.1/x#y" }];
  assert.deepEqual(
    faults({ input: {}, webhook }, { refuseHost }).map(({ path, code, received }) => [path, code, received]),
    [["/webhook/1/url", "host", "loopback address"]],
  );
  assert.deepEqual(seen, [hook.url, "http://127.0.0.1/x"]);
});

test("webhook headers: 32 entries, 8 KiB, token names, values without line breaks", () => {
  const withHeaders = (headers: unknown) => codes({ input: {}, webhook: [{ ...hook, headers }] });
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, "v"]));
  assert.deepEqual(withHeaders(many(LIMITS.webhookHeaders.value)), []);
  assert.deepEqual(withHeaders(many(LIMITS.webhookHeaders.value + 1)), ["/webhook/0/headers max_members"]);
  const bytes = LIMITS.webhookHeaderBytes.value - "X-A".length;
  assert.deepEqual(withHeaders({ "X-A": "é".repeat(Math.floor(bytes / 2)) }), []);
  assert.deepEqual(withHeaders({ "X-A": "a".repeat(bytes) }), []);
  assert.deepEqual(withHeaders({ "X-A": "a".repeat(bytes + 1) }), ["/webhook/0/headers max_bytes"]);
  assert.deepEqual(withHeaders({ "a b": "v" }), ["/webhook/0/headers/a b header_name"]);
  assert.deepEqual(withHeaders({ "": "v" }), ["/webhook/0/headers/ header_name"]);
  for (const value of ["a\rb", "a\nb", "a\0b"]) assert.deepEqual(withHeaders({ "X-A": value }), ["/webhook/0/headers/X-A header_value"]);
  assert.deepEqual(withHeaders({ "X-A": 5 }), ["/webhook/0/headers/X-A type"]);
  assert.deepEqual(withHeaders([]), ["/webhook/0/headers type"]);
  assert.deepEqual(withHeaders(JSON.parse('{"__proto__":"v","constructor":"v"}')), []);
});

test("prototype names are ordinary members", () => {
  const body: unknown = JSON.parse('{"input":{"__proto__":{"polluted":1}},"__proto__":{"isAsync":"yes"},"constructor":1}');
  const result = checkInvokeBody(body);
  assert.ok(result.ok);
  assert.equal(result.body.isAsync, false);
  assert.deepEqual(Object.keys(result.body.input), ["__proto__"]);
});

test("a query names one run", () => {
  const limit = LIMITS.workflowRunIdCharacters.value;
  assert.deepEqual(checkQueryBody({ workflowRunId: "any text", more: 1 }), { ok: true, body: { workflowRunId: "any text" } });
  assert.ok(checkQueryBody({ workflowRunId: "x".repeat(limit) }).ok);
  const expected: readonly (readonly [unknown, string])[] = [
    [{}, "required"],
    [{ workflowRunId: null }, "required"],
    [{ workflowRunId: 7 }, "type"],
    [{ workflowRunId: "" }, "min_length"],
    [{ workflowRunId: "x".repeat(limit + 1) }, "max_length"],
  ];
  for (const [body, code] of expected) {
    const result = checkQueryBody(body);
    assert.ok(!result.ok);
    assert.deepEqual(
      result.faults.map(({ path, code: found }) => [path, found]),
      [["/workflowRunId", code]],
    );
  }
  const answer = checkQueryBody("x", { language: "ja" });
  assert.deepEqual(answer.ok ? [] : answer.faults.map(({ path, message }) => [path, message]), [
    ["", "body: object が必要ですが、string でした"],
  ]);
});

const member = fc.oneof({ maxDepth: 3 }, fc.jsonValue(), fc.constantFrom(null, "", "GET", hook.url, hook, [hook], { "X-A": "b" }, true));
const body = fc.oneof(
  fc.jsonValue(),
  fc.record(
    { userId: member, input: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), member), isAsync: member, webhook: member },
    { requiredKeys: [] },
  ),
  fc.record({
    input: fc.constant({}),
    webhook: fc.array(fc.record({ method: member, url: member, headers: member }, { requiredKeys: [] })),
  }),
);

test("any JSON is answered, every pointer leads to a place, and the schema agrees with the check", () => {
  fc.assert(
    fc.property(body, (value) => {
      const found = faults(value);
      for (const { path } of found) assert.ok(parentExists(value, fromPointer(path)), path);
      if (!Check(InvokeBody, value)) assert.ok(found.length > 0);
      else
        assert.ok(
          found.every(({ code }) => ["url", "header_name", "header_value", "max_bytes"].includes(code)),
          JSON.stringify(found),
        );
    }),
    { numRuns: 2000 },
  );
});

test("the schema of a query agrees with its check", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ workflowRunId: member })), (value) =>
      assert.equal(checkQueryBody(value).ok, Check(QueryBody, value)),
    ),
  );
});

/** The value at all steps but the last exists: a missing member's pointer ends one step below it. */
function parentExists(value: unknown, steps: readonly string[]): boolean {
  if (steps.length <= 1) return steps.length === 0 || (typeof value === "object" && value !== null);
  const [first = "", ...rest] = steps;
  return (
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, first) &&
    parentExists((value as Record<string, unknown>)[first], rest)
  );
}
