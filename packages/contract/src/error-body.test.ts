import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorBodyInput, errorBody } from "#error-body";
import { WIRE_ERROR_TYPES, WIRE_ERRORS } from "#errors";
import { LANGUAGES } from "#language";

const base = { language: "en", instance: "/v1/workflow/invoke" } as const;

/** The published examples, byte for byte. */
const EXAMPLES: readonly (readonly [Omit<ErrorBodyInput, "language">, string])[] = [
  [
    { type: "unauthorized", instance: "/v1/workflow/invoke", requestId: "req_1" },
    '{"code":40127,"message":"API key missing or not valid.","type":"/errors/unauthorized","title":"Not authenticated","status":401,"detail":"API key missing or not valid.","instance":"/v1/workflow/invoke","requestId":"req_1"}',
  ],
  [
    { type: "out_of_credits", instance: "/v1/workflow/invoke", requestId: "req_2" },
    '{"code":20022,"message":"The monthly budget of this key is used up.","type":"/errors/out_of_credits","title":"Out of credits","status":402,"detail":"The monthly budget of this key is used up.","instance":"/v1/workflow/invoke","requestId":"req_2"}',
  ],
  [
    { type: "api_disabled", instance: "/v1/workflow/invoke", requestId: "req_3" },
    '{"code":20055,"message":"The API of this workflow is switched off.","type":"/errors/api_disabled","title":"API disabled","status":403,"detail":"The API of this workflow is switched off.","instance":"/v1/workflow/invoke","requestId":"req_3"}',
  ],
  [
    { type: "not_found", instance: "/v1/workflow/query/result", requestId: "req_4" },
    '{"code":40348,"message":"No such run.","type":"/errors/not_found","title":"Not found","status":404,"detail":"No such run.","instance":"/v1/workflow/query/result","requestId":"req_4"}',
  ],
  [
    { type: "workflow_deleted", instance: "/v1/workflow/invoke", requestId: "req_5" },
    '{"code":20059,"message":"The workflow of this key was deleted.","type":"/errors/workflow_deleted","title":"Workflow deleted","status":404,"detail":"The workflow of this key was deleted.","instance":"/v1/workflow/invoke","requestId":"req_5"}',
  ],
  [
    { type: "method_not_allowed", params: { allow: "POST" }, instance: "/v1/workflow/invoke", requestId: "req_6" },
    '{"code":405,"message":"Use POST.","type":"/errors/method_not_allowed","title":"Method not allowed","status":405,"detail":"Use POST.","instance":"/v1/workflow/invoke","requestId":"req_6"}',
  ],
  [
    { type: "conflict", instance: "/v1/workflow/run/cancel", requestId: "req_7" },
    '{"code":409,"message":"The run has already ended.","type":"/errors/conflict","title":"Conflict","status":409,"detail":"The run has already ended.","instance":"/v1/workflow/run/cancel","requestId":"req_7"}',
  ],
  [
    { type: "body_too_large", params: { limit: 10485760 }, instance: "/v1/workflow/invoke", requestId: "req_8" },
    '{"code":413,"message":"The body exceeds 10485760 bytes.","type":"/errors/body_too_large","title":"Body too large","status":413,"detail":"The body exceeds 10485760 bytes.","instance":"/v1/workflow/invoke","requestId":"req_8"}',
  ],
  [
    { type: "idempotency_mismatch", instance: "/v1/workflow/invoke", requestId: "req_9" },
    '{"code":422,"message":"This Idempotency-Key was used with another body.","type":"/errors/idempotency_mismatch","title":"Idempotency mismatch","status":422,"detail":"This Idempotency-Key was used with another body.","instance":"/v1/workflow/invoke","requestId":"req_9"}',
  ],
  [
    { type: "rate_limited", params: { seconds: 12 }, instance: "/v1/workflow/invoke", requestId: "req_10" },
    '{"code":40008,"message":"Rate limit reached; retry in 12 s.","type":"/errors/rate_limited","title":"Too many requests","status":429,"detail":"Rate limit reached; retry in 12 s.","instance":"/v1/workflow/invoke","requestId":"req_10"}',
  ],
  [
    { type: "internal", instance: "/v1/workflow/invoke", requestId: "req_11" },
    '{"code":50000,"message":"Internal error.","type":"/errors/internal","title":"Internal error","status":500,"detail":"Internal error.","instance":"/v1/workflow/invoke","requestId":"req_11"}',
  ],
  [
    { type: "overloaded", params: { seconds: 2 }, instance: "/v1/workflow/invoke", requestId: "req_12" },
    '{"code":50000,"message":"The server is at capacity; retry in 2 s.","type":"/errors/overloaded","title":"Overloaded","status":503,"detail":"The server is at capacity; retry in 2 s.","instance":"/v1/workflow/invoke","requestId":"req_12"}',
  ],
];

for (const [input, text] of EXAMPLES) {
  test(`${input.type} has the published bytes`, () => {
    assert.equal(JSON.stringify(errorBody({ ...input, language: "en" })), text);
  });
}

test("W11: code and message come first, and status is the HTTP status, for every type in every language", () => {
  for (const type of WIRE_ERROR_TYPES) {
    for (const language of LANGUAGES) {
      const body = errorBody({ ...base, type, language, requestId: "r" });
      assert.deepEqual(Object.keys(body), ["code", "message", "type", "title", "status", "detail", "instance", "requestId"]);
      assert.equal(body.code, WIRE_ERRORS[type].code);
      assert.equal(body.status, WIRE_ERRORS[type].status);
      assert.ok(body.message.length > 0 && body.title.length > 0);
      assert.equal(body.detail, body.message);
    }
  }
});

test("the first fault is the message; a fault's own message is on the wire only where expected does not say it", () => {
  const body = errorBody({
    ...base,
    type: "invalid_input",
    requestId: "req_8f1c2a",
    errors: [
      { path: "/input/topic", code: "type", expected: "string", received: "number", message: "input.topic: expected string, got number" },
      { path: "/input/x", code: "unknown_key", message: "input.x: unknown key" },
    ],
  });
  assert.equal(
    JSON.stringify(body),
    '{"code":40000,"message":"input.topic: expected string, got number","type":"/errors/invalid_input","title":"Input does not match the Start node","status":400,"detail":"input.topic: expected string, got number","instance":"/v1/workflow/invoke","errors":[{"path":"/input/topic","code":"type","expected":"string","received":"number"},{"path":"/input/x","code":"unknown_key","message":"input.x: unknown key"}],"requestId":"req_8f1c2a"}',
  );
});

test("errors[] stands with 400 and 422 only", () => {
  const errors = [{ path: "", code: "x", message: "m" }];
  for (const type of WIRE_ERROR_TYPES) {
    const { status } = WIRE_ERRORS[type];
    assert.equal("errors" in errorBody({ ...base, type, requestId: "r", errors }), status === 400 || status === 422);
  }
});

test("a particular message, a given one, and another language", () => {
  const about = (input: Partial<ErrorBodyInput>) => errorBody({ ...base, type: "not_found", requestId: "r", ...input });
  assert.equal(about({ key: "not_found.workflow" }).message, "No such workflow.");
  assert.equal(about({ message: "Not here." }).detail, "Not here.");
  assert.deepEqual([about({ language: "ja" }).title, about({ language: "ja" }).message], ["見つかりません", "その実行は存在しません。"]);
  assert.deepEqual(about({ language: "zh-TW" }).code, about({}).code);
});

test("a parameter's braces are text", () => {
  assert.equal(
    errorBody({ ...base, type: "scope", params: { scope: "{scope} {limit}" }, requestId: "r" }).message,
    "This key lacks the scope {scope} {limit}.",
  );
});
