import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { ask, refused, runIdOf } from "./chat-client.ts";

// What bounds those who call by other protocols: the hold, budgets, rates, places for streams, and the server's end.

const support = document(
  "support",
  [
    start({ message: { type: "string" } }, ["message"]),
    { id: "answer", type: "llm", prompt: "Summarise:\n{{ start.message }}" },
    { id: "end", type: "end", text: "{{ answer.text }}" },
  ],
  ["start -> answer", "answer -> end"],
);
const patient = document(
  "patient",
  [
    start({ query: { type: "string" } }),
    { id: "wait", type: "signal", signal: "go" },
    { id: "end", type: "end", text: "{{ wait.value }}" },
  ],
  ["start -> wait", "wait -> end"],
);

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.publish(support);
});
after(() => server.close());

const openai = (apiKey: string, { port } = server) => new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });

test("a run that outlasts the hold goes on", async () => {
  const impatient = await startTestServer({ settings: { syncHoldMs: "50" } });
  try {
    const { key: own } = await impatient.publish(patient);
    const error = await refused(openai(own, impatient).chat.completions.create({ model: "patient", messages: ask("x") }));
    assert.deepEqual([error.status, error.code], [422, "run_unfinished"]);
    const id = /Run ([0-9a-f-]{36}) has not ended/.exec(error.message)?.[1] ?? "";
    assert.equal((await impatient.app.store.runs.get("default", null, id))?.status, "RUNNING");
  } finally {
    await impatient.close();
  }
});

test("a stream waits for the end of its run, however long", async () => {
  const impatient = await startTestServer({ settings: { syncHoldMs: "1" } });
  try {
    const { key: own } = await impatient.publish(patient);
    const stream = await openai(own, impatient).chat.completions.create({ model: "patient", messages: ask("x"), stream: true });
    let text = "";
    for await (const one of stream) {
      text += one.choices[0]?.delta.content ?? "";
      if (text === "") await impatient.app.runtime.signal("default", runIdOf(one), { name: "go", value: "gone", id: "once" });
    }
    assert.equal(text, "gone");
  } finally {
    await impatient.close();
  }
});

test("where a budget is used up no run begins, by either protocol", async () => {
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const { key: poor } = await server.publish({ ...support, name: "poor" });
  const put = await server.call("PUT", "/api/v1/budgets", { key: admin, body: { workflow: "poor", period: "total", credits: "0" } });
  assert.equal(put.status, 200, put.text);
  for (const stream of [false, true]) {
    const error = await refused(openai(poor).chat.completions.create({ model: "poor", messages: ask("x"), stream }));
    assert.deepEqual([error.status, error.code, error.type], [402, "out_of_credits", "insufficient_quota"]);
  }
  const tool = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "poor", arguments: { message: "x" } } };
  const { json } = await server.call("POST", "/mcp", { key: poor, body: tool });
  const { isError, content } = json["result"] as unknown as { isError: boolean; content: { text: string }[] };
  assert.deepEqual([isError, content[0]?.text], [true, "out_of_credits: The budget of this workflow is used up."]);
});

test("a key with a rate limit is counted, and told when to come back, by every protocol", async () => {
  const { key: slow } = await server.app.apiKeys.create("default", { rateLimit: { requests: 3, windowS: 3_600 } });
  const ping = () => server.call("POST", "/mcp", { key: slow, body: { jsonrpc: "2.0", id: 1, method: "ping" } });
  assert.equal((await ping()).status, 200);
  assert.equal((await server.call("GET", "/openapi.json", { key: slow })).status, 200);
  assert.ok(await openai(slow).models.list());
  const error = await refused(openai(slow).chat.completions.create({ model: "support", messages: ask("x") }));
  assert.deepEqual([error.status, error.code, error.type], [429, "rate_limited", "rate_limit_error"]);
  assert.ok(Number(error.headers?.get("retry-after")) >= 1);
  for (const refusal of [await ping(), await server.call("GET", "/openapi.json", { key: slow })]) assert.equal(refusal.status, 429);
});

test("where every place for a stream is taken, no run is begun", async () => {
  const small = await startTestServer({ settings: { maxEventStreams: "1" } });
  try {
    const { key: own } = await small.publish(patient);
    const body = { model: "patient", messages: ask("x"), stream: true };
    const tool = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "patient", _meta: { progressToken: 1 } } };
    const leave = new AbortController();
    const chat = (signal?: AbortSignal) =>
      fetch(`http://127.0.0.1:${small.port}/v1/chat/completions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${own}` },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
    const first = await chat(leave.signal);
    const second = await chat();
    const third = await small.call("POST", "/mcp", { key: own, body: tool, headers: { Accept: "application/json, text/event-stream" } });
    assert.deepEqual([first.status, second.status, third.status], [200, 503, 503]);
    assert.equal(((await second.json()) as { error: { code: string } }).error.code, "overloaded");
    assert.equal((await small.app.store.runs.list("default", { limit: 10 })).length, 1);
    leave.abort();
  } finally {
    await small.close();
  }
});

test("a stream whose server stops says that the run goes on", async () => {
  const own = await startTestServer();
  const { key: stopped } = await own.publish(patient);
  const answer = await fetch(`http://127.0.0.1:${own.port}/v1/chat/completions`, {
    method: "POST",
    headers: { Authorization: `Bearer ${stopped}` },
    body: JSON.stringify({ model: "patient", messages: ask("x"), stream: true }),
  });
  const reading = answer.text();
  await own.close();
  assert.match(await reading, /"code":"run_unfinished"/);
});
