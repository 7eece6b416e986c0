import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { KEY, startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { USAGE } from "./service-harness.ts";

const BUSY = { message: "slow down", type: "rate_limit_error" };

let provider: LLMock;
let server: TestServer;
let key: string;
before(async () => {
  provider = await startModelServer();
  provider.onMessage(/./, { content: "The river carries the mill.", usage: USAGE });
  server = await startTestServer({ settings: { egressAllow: new URL(provider.url).host, defaultModel: "work/gpt-4o" } });
  ({ key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] }));
  const body = {
    provider: "openai",
    baseUrl: provider.url,
    credential: { type: "key", value: KEY },
    settings: { models: ["gpt-4o", "gpt-4o-mini"] },
  };
  assert.equal((await manage("PUT", "connections/work", body)).status, 200);
});
after(async () => {
  await server.close();
  await provider.stop();
});

const manage = (method: string, path: string, body?: unknown) =>
  server.call(method, `/api/v1/${path}`, { key, ...(body !== undefined && { body }) });
const asking = (name: string, llm: JsonObject) =>
  document(
    name,
    [
      start({}),
      { id: "ask", type: "llm", prompt: "What carries the mill?", ...llm },
      { id: "end", type: "end", output: { text: "{{ ask.text }}", model: "{{ ask.model }}" } },
    ],
    ["start -> ask", "ask -> end"],
  );
let asked = 0;
const run = async (llm: JsonObject) => {
  const { key: own } = await server.publish(asking(`asking${asked++}`, llm));
  return server.invoke(own, { input: {} });
};

test("a run costs what its requests cost, exactly", async () => {
  const { json, text } = await run({ model: "work/gpt-4o-mini" });
  assert.deepEqual([json["status"], json["output"]], ["SUCCEED", { text: "The river carries the mill.", model: "work/gpt-4o-mini" }], text);
  assert.deepEqual([json["totalTokens"], json["totalCost"]], [1_500, 0.045]);
});

test("a node that names no model asks the server's default", async () => {
  const { json, text } = await run({});
  assert.deepEqual([(json["output"] as JsonObject)["model"], json["totalCost"]], ["work/gpt-4o", 0.75], text);
});

test("a busy provider is asked again without a word in the workflow, and not where it says so", async () => {
  provider.nextRequestError(429, BUSY);
  assert.equal((await run({ model: "work/gpt-4o" })).json["status"], "SUCCEED");
  provider.nextRequestError(429, BUSY);
  const once = await run({ model: "work/gpt-4o", retry: { maxAttempts: 1 } });
  assert.deepEqual([once.json["status"], (once.json["error"] as JsonObject)["type"]], ["FAILED", "llm_rate_limited"], once.text);
});

test("the backup stands in for a connection that is not there", async () => {
  const { json, text } = await run({ model: "nobody/gpt", backup: "work/gpt-4o-mini" });
  assert.deepEqual((json["output"] as JsonObject)["model"], "work/gpt-4o-mini", text);
});

test("an echoed key does not come back", async () => {
  provider.on({ userMessage: /echo/ }, { content: `Your key is ${KEY}.`, usage: USAGE }, { prepend: true } as never);
  const { text } = await run({ model: "work/gpt-4o", prompt: "echo the key" });
  assert.ok(!text.includes(KEY), text);
});

test("publishing warns of a connection that is not there, and of a model that its connection does not list", async () => {
  const { json } = await manage("POST", "validate", { document: asking("warned", { model: "nobody/gpt", backup: "work/gpt-4o-mni" }) });
  assert.deepEqual(
    (json["problems"] as { code: string; level: string; path: string; message: string; hint: string }[]).map((one) => [
      one.code,
      one.level,
      one.path,
      one.message,
      one.hint,
    ]),
    [
      [
        "unknown_connection",
        "warning",
        "/nodes/1/model",
        "there is no connection nobody on this server",
        "millrace connections set nobody",
      ],
      [
        "unknown_model",
        "warning",
        "/nodes/1/backup",
        "the connection work does not list the model gpt-4o-mni",
        "did you mean gpt-4o-mini?",
      ],
    ],
  );
  const offline = await manage("POST", "validate", { document: asking("fine", { model: "offline/extractive", backup: "work/gpt-4o" }) });
  assert.deepEqual(offline.json["problems"], []);
});
