import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject, WorkflowNode } from "@millrace/contract";
import { chain, direct, importJson, input, node, nodeOf, output, reference } from "#flow/testing/flows";

function http(request: { readonly [member: string]: Json }, outputs: readonly Json[] = []): WorkflowNode {
  const inputs = [input("n", direct("1", "NUMBER")), input("s", reference("start#q#q"))];
  const members = { inputs, outputs, httpParam: { request: { url: "https://x.example", ...request }, authentication: {} } };
  return nodeOf(importJson(chain([node("HTTP", "h", members)])), "h");
}

const requestOf = (request: { readonly [member: string]: Json }) => http(request)["request"] as JsonObject;
const urlOf = (url: string) => requestOf({ url })["url"];

test("values are percent-encoded in path and query, and nowhere else", () => {
  assert.equal(
    urlOf("https://x.example/a/{{s}}?n={{n}}"),
    'https://x.example/a/{{ encodeURIComponent(inputs.s ?? "") }}?n={{ encodeURIComponent(convert(inputs.n, "string") ?? "") }}',
  );
  assert.equal(urlOf("https://{{s}}:{{n}}/x"), "https://{{ inputs.s }}:{{ inputs.n }}/x");
  assert.equal(urlOf("{{s}}/x/{{s}}"), '{{ inputs.s }}/x/{{ encodeURIComponent(inputs.s ?? "") }}');
  assert.equal(urlOf("{{s}}"), '{{ inputs.s ?? "" }}');
  assert.equal(
    urlOf(" {{s}}://{{s}}{{s}}?{{s}}"),
    '{{ inputs.s }}://{{ inputs.s }}{{ inputs.s }}?{{ encodeURIComponent(inputs.s ?? "") }}',
  );
});

test("headers and parameters are lists or objects; a name given twice keeps both values", () => {
  const list = [
    { name: "Accept", value: "a" },
    { name: "X", value: "{{s}}" },
    { name: "accept", value: "b" },
    { name: " ", value: "c" },
  ];
  assert.deepEqual(requestOf({ headers: list })["headers"], { Accept: "a, b", X: '{{ inputs.s ?? "" }}' });
  assert.deepEqual(requestOf({ headers: { A: 1, B: "\\{{s}}" } })["headers"], { A: "1", B: "\\{{s}}" });
  const params = [
    { name: "t", value: "1" },
    { name: "t", value: "-{{n}}" },
    { name: "T", value: "" },
  ];
  assert.deepEqual(requestOf({ params })["query"], { t: ["1", "-{{ inputs.n }}"], T: "" });
  assert.deepEqual(requestOf({ params: [{ name: "v", ...reference("start#q#q") }] })["query"], { v: "{{ start.q }}" });
});

test("method and time limit have the vendor's defaults and caps", () => {
  assert.equal(requestOf({})["method"], "GET");
  assert.equal(requestOf({ method: "post" })["method"], "POST");
  const timeouts = [undefined, 0, -5, "soon", 1, "2500", 600_000, 600_001, 1e12].map(
    (timeout) => http(timeout === undefined ? {} : { timeout }).timeoutMs,
  );
  assert.deepEqual(timeouts, [30_000, 30_000, 30_000, 30_000, 1, 2_500, 600_000, 600_000, 600_000]);
});

test("in a JSON text a value within quotes is escaped, elsewhere it stands as it is", () => {
  const expected = {
    body: { text: '{"a": "x\\" {{ JSON.stringify(inputs.s ?? "").slice(1, -1) }}", "n": {{ inputs.n }}}' },
    headers: { "Content-Type": "application/json" },
  };
  const text = '{"a": "x\\" {{s}}", "n": {{n}}}';
  for (const body of [text, { type: "JSON", value: text }, { type: "json", value: text }]) {
    const { body: native, headers } = requestOf({ body });
    assert.deepEqual({ body: native, headers }, expected);
  }
});

test("a content type that the file gives is not replaced, and tells whether a text is JSON", () => {
  const headers = [{ name: "content-type", value: "text/plain" }];
  assert.deepEqual(requestOf({ headers, body: '["{{s}}"]' }), {
    method: "GET",
    url: "https://x.example",
    headers: { "content-type": "text/plain" },
    body: { text: '["{{ inputs.s }}"]' },
  });
});

test("each kind of body has its native one", () => {
  const bodyOf = (body: Json) => requestOf({ body })["body"];
  assert.deepEqual(bodyOf("plain {{s}}"), { text: "plain {{ inputs.s }}" });
  assert.deepEqual(bodyOf({ type: "TEXT", value: "{{s}}" }), { text: '{{ inputs.s ?? "" }}' });
  assert.deepEqual(bodyOf({ type: "JSON", value: { a: ["{{s}}", 1, null] } }), { json: { a: ['{{ inputs.s ?? "" }}', 1, null] } });
  assert.deepEqual(bodyOf({ a: "-{{s}}" }), { json: { a: "-{{ inputs.s }}" } });
  assert.deepEqual(bodyOf(["{{n}}"]), { json: ['{{ convert(inputs.n, "string") ?? "" }}'] });
  assert.deepEqual(bodyOf({ type: "FORM", value: [{ name: "a", value: "{{s}}" }] }), { form: { a: '{{ inputs.s ?? "" }}' } });
  assert.deepEqual(bodyOf({ type: "FORM", value: { a: 1 } }), { form: { a: "1" } });
  assert.deepEqual(requestOf({ body: { type: "FORM", value: "a={{s}}" } })["headers"], {
    "Content-Type": "application/x-www-form-urlencoded",
  });
  for (const none of [null, "", { type: "NONE", value: "x" }, { type: "JSON", value: null }, { value: "" }])
    assert.equal(bodyOf(none), undefined);
});

test("outputs take the body, the status and the headers by name, and members of the body by theirs", () => {
  const { outputs, failOnStatus, response } = http({}, [
    output("body", "OBJECT"),
    output("status_code", "INTEGER"),
    output("headers", "OBJECT"),
    output("id"),
  ]);
  assert.deepEqual(outputs, {
    body: { type: "object", value: "{{ result.body }}" },
    status_code: { type: "integer", value: "{{ result.status }}" },
    headers: { type: "object", value: "{{ result.headers }}" },
    id: { type: "string", value: "{{ result.body.id }}" },
  });
  assert.equal(failOnStatus, false);
  assert.equal(response, undefined);
});

test("a status that nobody looks at fails the node; one output of another name may take the whole body", () => {
  const { outputs, failOnStatus } = http({}, [output("data", "OBJECT")]);
  assert.deepEqual(outputs, { data: { type: "object", value: '{{ has(result.body, "data") ? result.body.data : result.body }}' } });
  assert.equal(failOnStatus, undefined);
});

test("a body that is only wanted as text is not parsed", () => {
  assert.deepEqual(http({}, [output("body"), output("status", "INTEGER")])["response"], { as: "text" });
  assert.equal(http({}, [output("body"), output("id")])["response"], undefined);
  assert.equal(http({}, [output("body", "")])["response"], undefined);
});
