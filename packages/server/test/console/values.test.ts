import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject, NodeTrace, ValuePreview } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, start } from "#testing/workflows";

let server: TestServer;
let admin: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(() => server.close());

const get = (path: string) => server.call("GET", path, { key: admin });
const LIMIT = 32_768;

test("values up to 32 KiB are shown whole, longer ones by their beginning, and each can be had whole", async () => {
  const { key } = await server.publish(echo);
  // `{"value":"…"}` is 12 bytes longer than its text.
  for (const [length, isWhole] of [
    [LIMIT - 12, true],
    [LIMIT - 11, false],
  ] as const) {
    const value = "x".repeat(length);
    const { json } = await server.invoke(key, { input: { value } });
    const path = `/api/v1/runs/${String(json["workflowRunId"])}`;
    const { json: shown } = await get(`${path}?preview=true`);
    assert.equal(shown["input"] !== undefined, isWhole);
    assert.equal(shown["outputPreview"] === undefined, isWhole);
    const { json: all } = await get(path);
    assert.deepEqual(all["output"], { value });
    if (isWhole) continue;
    const { bytes, text, value: name } = shown["outputPreview"] as unknown as ValuePreview;
    assert.deepEqual([bytes, text.length, name], [length + 12, LIMIT, "output"]);
    const [node] = shown["nodes"] as unknown as NodeTrace[];
    assert.deepEqual([node?.output, node?.outputPreview?.value], [undefined, node?.value]);
    for (const named of ["input", "output", node?.value ?? ""])
      assert.deepEqual((await get(`${path}/values/${named}`)).json, { value }, named);
    const saved = await get(`${path}/values/output?download=true`);
    assert.match(String(saved.headers["content-disposition"]), /^attachment; filename="[0-9a-f-]{36}-output\.json"$/);
    assert.deepEqual([saved.headers["content-security-policy"], saved.headers["x-content-type-options"]], ["sandbox", "nosniff"]);
  }
});

test("a member of a value is read alone, by its pointer", async () => {
  const { key } = await server.publish({ ...echo, name: "member" });
  const { json } = await server.invoke(key, { input: { value: { "a/b": [1, "新"] } } });
  const path = `/api/v1/runs/${String(json["workflowRunId"])}/values/output`;
  const at = async (pointer: string) => get(`${path}?at=${encodeURIComponent(pointer)}`);
  for (const [pointer, text] of [
    ["", '{"value":{"a/b":[1,"新"]}}'],
    ["/value/a~1b", '[1,"新"]'],
    ["/value/a~1b/1", '"新"'],
  ] as const)
    assert.deepEqual([(await at(pointer)).status, (await at(pointer)).text], [200, text]);
  for (const absent of ["/", "/other", "/value/a~1b/2", "/value/a~1b/length", "/__proto__", "/value/constructor"])
    assert.equal((await at(absent)).status, 404, absent);
  for (const bad of ["value", `/${"x".repeat(1_000)}`]) assert.equal((await at(bad)).status, 400, bad.slice(0, 10));
});

test("a preview never ends within a character", async () => {
  const { key } = await server.publish({ ...echo, name: "cut" });
  const { json } = await server.invoke(key, { input: { value: "新".repeat(20_000) } });
  const { json: shown } = await get(`/api/v1/runs/${String(json["workflowRunId"])}?preview=true`);
  const { text } = shown["inputPreview"] as unknown as ValuePreview;
  assert.ok(!text.includes("\ufffd") && Buffer.byteLength(text) > LIMIT - 3 && Buffer.byteLength(text) <= LIMIT);
});

test("what is no value of the run is not found", async () => {
  const { key } = await server.publish({ ...echo, name: "absent" });
  const { json } = await server.invoke(key, { input: {} });
  const path = `/api/v1/runs/${String(json["workflowRunId"])}/values`;
  for (const name of ["0", "999", "x", "-1", "__proto__", "constructor"]) assert.equal((await get(`${path}/${name}`)).status, 404, name);
  assert.equal((await get("/api/v1/runs/01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10/values/input")).status, 404);
});

test("the trace has each attempt with its error, and what the node paid for adds up to the run's cost", async () => {
  const nodes: JsonObject[] = [
    start({}),
    { id: "ask", type: "llm", model: "offline/extractive", prompt: "The sky is blue. What colour is the sky?" },
    { id: "end", type: "end", output: {} },
  ];
  const { id } = await server.publish(document("tried", nodes, ["start -> ask", "ask -> end"]));
  const begun = await server.call("POST", `/api/v1/workflows/${id}/draft/runs`, { key: admin, body: { failOnce: "ask" } });
  const path = `/api/v1/runs/${String(begun.json["workflowRunId"])}`;
  await get(`${path}/events`);
  const { json: run } = await get(path);
  const traces = run["nodes"] as unknown as NodeTrace[];
  const ask = traces.find(({ nodeId }) => nodeId === "ask");
  assert.deepEqual([ask?.usage?.length, ask?.usage?.[0]?.model, ask?.usage?.[0]?.attempt], [1, "offline/extractive", 2]);
  assert.deepEqual(
    ask?.attemptList?.map(({ attempt, error, retryAt }) => [attempt, error?.type, retryAt !== undefined]),
    [
      [1, "made_to_fail", true],
      [2, undefined, false],
    ],
  );
  assert.equal(
    traces.reduce((sum, { tokens = 0 }) => sum + tokens, 0),
    run["tokens"],
  );
});

test("what each node was given is told: its settings with the values that they had then, secrets masked", async () => {
  await server.call("PUT", "/api/v1/secrets/TOKEN", { key: admin, body: { value: "canary-4711" } });
  const http = {
    id: "fetch",
    type: "http",
    onError: { do: "continue" },
    request: { url: "http://127.0.0.1:9/{{ item }}", headers: { "x-token": "{{ secrets.TOKEN }}" } },
  };
  const nodes: JsonObject[] = [
    start({ words: { type: "array" } }),
    { id: "each", type: "batch", items: "{{ start.words }}", collect: "{{ item }}", body: { nodes: [http], edges: [] } },
    { id: "count", type: "code", inputs: { n: "{{ each.count }}" }, code: "return inputs;" },
    { id: "end", type: "end", output: {} },
  ];
  const { key } = await server.publish(document("given", nodes, ["start -> each", "each -> count", "count -> end"]));
  const { json } = await server.invoke(key, { input: { words: ["a", "b"] } });
  const path = `/api/v1/runs/${String(json["workflowRunId"])}`;
  const traces = (await get(path)).json["nodes"] as unknown as NodeTrace[];
  const given = async (nodeId: string, index = 0) => {
    const name = traces.filter((trace) => trace.nodeId === nodeId)[index]?.inputValue ?? "";
    return (await get(`${path}/values/${name}`)).json;
  };
  assert.equal(traces.find(({ nodeId }) => nodeId === "start")?.inputValue, undefined);
  assert.deepEqual((await given("each"))["items"], ["a", "b"]);
  assert.deepEqual((await given("count"))["inputs"], { n: 2 });
  const requests = (await Promise.all([0, 1].map((index) => given("fetch", index)))).map(({ request }) => request as JsonObject);
  assert.deepEqual(requests.map(({ url }) => url).sort(), ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]);
  assert.deepEqual(requests[0]?.["headers"], { "x-token": "••••" });
});
