import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type JsonObject, MCP_VERSIONS } from "@millrace/contract";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, failing, start, todayNews } from "#testing/workflows";

// The official client of the protocol against a real server.

/** Waits for a signal, which nobody sends unless a test does. */
const patient = document(
  "patient",
  [
    start({}),
    { id: "wait", type: "signal", name: "Wait for go", signal: "go" },
    { id: "end", type: "end", output: { said: "{{ wait.value }}" } },
  ],
  ["start -> wait", "wait -> end"],
);

const sealed = document(
  "每日 news",
  [
    start({ topic: { type: "string" }, scan: { "x-file": "doc" }, any: true }, ["topic"]),
    { id: "end", type: "end", output: { topic: "{{ start.topic }}", scan: "{{ start.scan }}", count: 2, note: "about {{ start.topic }}" } },
  ],
  ["start -> end"],
  { description: "News of a topic." },
);

let server: TestServer;
let all: string;
let newsId: string;
const clients: Client[] = [];
before(async () => {
  server = await startTestServer();
  for (const one of [todayNews, echo, failing, patient]) await server.publish(one);
  newsId = (await server.publish(sealed)).id;
  await server.app.authoring.deploy("default", document("draft", [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]), {
    publish: false,
  });
  all = (await server.app.apiKeys.create("default", { scopes: ["invoke", "query"] })).key;
});
after(async () => {
  for (const client of clients) await client.close();
  await server.close();
});

async function connect(key: string, { port } = server): Promise<Client> {
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport as Transport);
  clients.push(client);
  return client;
}

const call = async (client: Client, name: string, given: JsonObject = {}) =>
  (await client.callTool({ name, arguments: given })) as CallToolResult;
const textOf = ({ content }: CallToolResult) => content.map((part) => (part.type === "text" ? part.text : "")).join("");
const runOf = ({ _meta }: CallToolResult) => String(_meta?.["millrace/workflowRunId"]);

test("published workflows are tools, with the schemas of Start and End", async () => {
  const { tools } = await (await connect(all)).listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    [`news_${newsId}`, "patient", "failing", "echo", "todayNews", "millrace_get_run"],
  );
  const news = tools.find(({ title }) => title === "每日 news");
  assert.equal(news?.description, "News of a topic.");
  assert.deepEqual(news?.inputSchema.required, ["topic"]);
  assert.deepEqual(Object.keys(news?.inputSchema.properties ?? {}), ["topic", "scan", "any"]);
  assert.deepEqual(news?.outputSchema, {
    type: "object",
    properties: { topic: { type: "string" }, scan: {}, count: { type: "number" }, note: { type: "string" } },
    required: ["topic", "scan", "count", "note"],
  });
});

test("a call runs the workflow, and its output is structured; the client has checked it against the schema", async () => {
  const client = await connect(all);
  await client.listTools();
  const result = await call(client, `news_${newsId}`, { topic: "tides" });
  assert.deepEqual(result.structuredContent, { topic: "tides", scan: null, count: 2, note: "about tides" });
  assert.deepEqual(JSON.parse(textOf(result)), result.structuredContent);
  const run = await server.app.store.runs.view("default", newsId, runOf(result));
  assert.deepEqual([run?.status, run?.input], ["SUCCEED", { topic: "tides" }]);
});

test("what a model may mend is a tool error: a wrong input, and a run that failed, with its type and its run", async () => {
  const client = await connect(all);
  const wrong = await call(client, "todayNews", { topic: 5 });
  assert.deepEqual([wrong.isError, textOf(wrong)], [true, "invalid_input: input.topic: expected string, got number"]);
  const failed = await call(client, "failing");
  assert.equal(failed.isError, true);
  assert.match(textOf(failed), /^code_error: .*no luck/);
  assert.equal(failed._meta?.["millrace/errorType"], "code_error");
  assert.equal((await server.app.store.runs.view("default", null, runOf(failed)))?.status, "FAILED");
});

test("a run that outlasts the hold goes on, and is read by its id", async () => {
  const impatient = await startTestServer({ settings: { syncHoldMs: "50" } });
  try {
    const client = await connect((await impatient.publish(patient)).key, impatient);
    const held = await call(client, "patient");
    assert.equal(held.isError, true);
    assert.match(textOf(held), /^run_unfinished: Run [0-9a-f-]{36} has not ended in time and goes on/);
    const still = await call(client, "millrace_get_run", { workflowRunId: runOf(held) });
    assert.deepEqual([textOf(still), runOf(still)], [textOf(held), runOf(held)]);
    const ended = new Promise((resolve) => impatient.app.runtime.whenEnded("default", runOf(held), resolve));
    await impatient.app.runtime.signal("default", runOf(held), { name: "go", value: "now" });
    await ended;
    const read = await call(client, "millrace_get_run", { workflowRunId: runOf(held) });
    assert.deepEqual(read.structuredContent, { said: "now" });
    assert.match(textOf(await call(client, "millrace_get_run", { workflowRunId: "none" })), /^not_found: /);
    const { key: other } = await impatient.publish(echo);
    const foreign = await call(await connect(other, impatient), "millrace_get_run", { workflowRunId: runOf(held) });
    assert.match(textOf(foreign), /^not_found: /);
  } finally {
    await impatient.close();
  }
});

test("a call with a progress token hears of the run while it goes on, beyond the hold, and the answer comes last", async () => {
  const client = await connect(all);
  const heard: string[] = [];
  const onprogress = async ({ message = "" }: { message?: string | undefined }) => {
    heard.push(message);
    if (message !== "run.waiting Wait for go") return;
    const [run] = await server.app.store.runs.list("default", { limit: 1 });
    await server.app.runtime.signal("default", run?.id ?? "", { name: "go", value: 1 });
  };
  const result = await client.callTool({ name: "patient" }, undefined, { onprogress });
  assert.deepEqual(result.structuredContent, { said: 1 });
  assert.equal(heard[0], "run.started");
  assert.ok(heard.includes("run.waiting Wait for go") && heard.includes("node.finished Wait for go"), heard.join());
});

test("a call that is cancelled ends the waiting and nothing else", async () => {
  const client = await connect(all);
  const leave = new AbortController();
  const onprogress = ({ message }: { message?: string | undefined }) => message?.startsWith("run.waiting") && leave.abort();
  await assert.rejects(client.callTool({ name: "patient" }, undefined, { onprogress, signal: leave.signal }));
  const [run] = await server.app.store.runs.list("default", { limit: 1 });
  assert.equal(run?.status, "RUNNING");
  await server.app.runtime.cancel("default", run?.id ?? "");
});

test("a key sees and calls its own workflows alone; another tool is one that does not exist", async () => {
  const { key } = await server.publish(todayNews, ["invoke"]);
  const client = await connect(key);
  assert.deepEqual(
    (await client.listTools()).tools.map(({ name }) => name),
    ["todayNews"],
  );
  for (const name of ["echo", "draft", "nowhere", "millrace_get_run"])
    await assert.rejects(call(client, name), { code: -32602, message: new RegExp(`Unknown tool: ${name}`) });
  const foreign = await server.call("POST", "/mcp", { body: {} });
  assert.equal(foreign.status, 401);
  const { key: mute } = await server.publish(echo, ["query"]);
  assert.equal((await server.call("POST", "/mcp", { key: mute, body: {} })).status, 403);
});

const post = (body: unknown, headers = {}) => server.call("POST", "/mcp", { key: all, body, headers });
const rpc = (method: string, params?: JsonObject) => ({ jsonrpc: "2.0", id: 7, method, ...(params && { params }) });

test("on the wire: versions, notifications, unknown methods, what is no message", async () => {
  for (const [asked, given] of [...MCP_VERSIONS.map((version) => [version, version]), ["2024-11-05", MCP_VERSIONS[0]]] as const) {
    const { json } = await post(rpc("initialize", { protocolVersion: asked, capabilities: {}, clientInfo: { name: "t", version: "1" } }));
    assert.equal((json["result"] as JsonObject)["protocolVersion"], given);
  }
  for (const heard of [
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 1, result: {} },
  ]) {
    const answer = await post(heard);
    assert.deepEqual([answer.status, answer.text], [202, ""]);
  }
  assert.deepEqual((await post(rpc("ping"))).json, { jsonrpc: "2.0", id: 7, result: {} });
  assert.deepEqual((await post(rpc("resources/list"))).json["error"], { code: -32601, message: "There is no method resources/list." });
  assert.equal(((await post(rpc("tools/list", { cursor: "x" }))).json["error"] as JsonObject)["code"], -32602);
  const wrong = await post(rpc("tools/call", { name: "echo", arguments: ["x"] }));
  assert.deepEqual(wrong.json["error"], { code: -32602, message: "arguments must be an object." });
  for (const bad of [[rpc("ping")], {}, { ...rpc("ping"), id: null }, { ...rpc("ping"), jsonrpc: "1.0" }, "ping"])
    assert.deepEqual(
      [(await post(bad)).status, (await post(bad)).json["type"]],
      [400, bad === "ping" ? "/errors/invalid_json" : "/errors/invalid_request"],
    );
  assert.equal((await post(rpc("ping"), { "MCP-Protocol-Version": "1999-01-01" })).status, 400);
  assert.equal((await post(rpc("ping"), { "MCP-Protocol-Version": MCP_VERSIONS[1] })).status, 200);
});

test("a page of another site is refused; other methods are not there", async () => {
  assert.equal((await post(rpc("ping"), { Origin: "https://evil.example" })).json["type"], "/errors/foreign_origin");
  assert.equal((await post(rpc("ping"), { Origin: `http://127.0.0.1:${server.port}` })).status, 200);
  for (const method of ["GET", "DELETE"]) {
    const answer = await server.call(method, "/mcp", { key: all });
    assert.deepEqual([answer.status, answer.headers["allow"]], [405, "POST"]);
  }
});

test("a name that is no safe one, or looks like one that was made, is made of the workflow's id; pages go on where they ended", async () => {
  const made: [string, string][] = [];
  for (const name of ["a b/c", `x_${newsId}`, "millrace_get_run", "漢字", "n".repeat(65)]) {
    const { id } = await server.publish({ ...echo, name });
    made.push([name, id]);
  }
  const client = await connect(all);
  const { tools } = await client.listTools();
  for (const [title, id] of made) {
    const name = tools.find((tool) => tool.title === title)?.name ?? "";
    assert.match(name, new RegExp(`^[A-Za-z0-9_-]{1,39}_${id}$`));
    assert.deepEqual((await call(client, name, { value: title })).structuredContent, { value: title });
  }
  for (let n = 0; n < 100; n++) await server.publish({ ...echo, name: `many${n}` });
  const first = await client.listTools();
  const second = await client.listTools({ cursor: first.nextCursor });
  assert.deepEqual([first.tools.length, second.tools.length, second.nextCursor], [101, 10, undefined]);
  const names = [...first.tools, ...second.tools].map(({ name }) => name);
  assert.equal(new Set(names).size, 111);
});
