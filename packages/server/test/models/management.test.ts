import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import { ModelList, TestConnectionAnswer, TestModelAnswer } from "@millrace/contract";
import { Check } from "typebox/schema";
import { DEFAULT_TENANT } from "#app";
import { KEY, startModelServer } from "#testing/model-server";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { USAGE } from "./service-harness.ts";

let provider: LLMock;
/** The same without a list of its models. */
let listless: Server;
let server: TestServer;
let key: string;
before(async () => {
  provider = await startModelServer();
  provider.onMessage(/./, { content: "OK", usage: USAGE });
  listless = await startListless(provider.url);
  server = await startTestServer({ settings: { egressAllow: `${new URL(provider.url).host},${new URL(urlOf(listless)).host}` } });
  ({ key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] }));
});
after(async () => {
  await server.close();
  listless.close();
  await provider.stop();
});

const urlOf = (listening: Server) => `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;

async function startListless(behind: string): Promise<Server> {
  const front = createServer(async (request, response) => {
    if (request.method === "GET") return void response.writeHead(404).end();
    const { authorization = "", "content-type": type = "" } = request.headers;
    const headers = { authorization, "content-type": type };
    const answer = await fetch(`${behind}${request.url}`, { method: "POST", headers, body: await text(request) });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(await answer.text());
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return front;
}

const manage = (method: string, path: string, body?: unknown): Promise<Answer> =>
  server.call(method, `/api/v1/${path}`, { key, ...(body !== undefined && { body }) });
const credential = { type: "key", value: KEY } as const;
const connect = (name: string, body: object) => manage("PUT", `connections/${name}`, body);

test("a model provider needs no base URL where it has one, and its key goes where it takes it", async () => {
  const cases = [
    ["openai", "https://api.openai.com/v1", { type: "bearer" }],
    ["anthropic", "https://api.anthropic.com/v1", { type: "header", name: "x-api-key" }],
    ["google", "https://generativelanguage.googleapis.com/v1beta", { type: "header", name: "x-goog-api-key" }],
    ["deepseek", "https://api.deepseek.com/v1", { type: "bearer" }],
  ] as const;
  for (const [name, baseUrl, shown] of cases) {
    const { status, json, text } = await connect(name, { provider: name, credential });
    assert.deepEqual([status, json["baseUrl"], json["credential"]], [200, baseUrl, shown], text);
    assert.ok(!text.includes(KEY));
    assert.equal((await manage("DELETE", `connections/${name}`)).status, 204);
  }
});

test("what a model provider lacks is said, with the member and the fix", async () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `model-${n}`);
  const cases: readonly (readonly [name: string, body: object, status: number, path?: string, message?: RegExp])[] = [
    ["a", { provider: "azure", credential }, 400, "/baseUrl", /Azure OpenAI has its own/],
    ["a", { provider: "crm" }, 400, "/baseUrl", /only model providers have one/],
    ["a", { provider: "opena", baseUrl: provider.url }, 400, "/provider", /did you mean openai/],
    ["a", { provider: "openai" }, 400, "/credential", /OpenAI answers nothing without a key/],
    ["a", { provider: "openai", baseUrl: provider.url }, 200],
    ["offline", { provider: "openai", baseUrl: provider.url }, 400, "/connection", /built-in models/],
    ["a", { provider: "ollama" }, 400, "/baseUrl", /MILLRACE_EGRESS_ALLOW/],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { concurency: 2 } }, 400, "/settings/concurency", /concurrency/],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { concurrency: 1_000 } }, 200],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { concurrency: 1_001 } }, 400, "/settings/concurrency"],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { requestsPerMinute: 1_000_000 } }, 200],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { requestsPerMinute: 1_000_001 } }, 400, "/settings/requestsPerMinute"],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { tokensPerMinute: 1_000_000_000 } }, 200],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { tokensPerMinute: 0 } }, 400, "/settings/tokensPerMinute"],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { timeoutMs: 3_600_000 } }, 200],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { timeoutMs: 3_600_001 } }, 400, "/settings/timeoutMs"],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { timeoutMs: 999 } }, 400, "/settings/timeoutMs"],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { models: many(1_000) } }, 200],
    ["a", { provider: "openai", baseUrl: provider.url, settings: { models: many(1_001) } }, 400, "/settings/models"],
    ["a", { provider: "crm", baseUrl: provider.url, settings: { whatever: true } }, 200],
  ];
  for (const [name, body, status, path, message = /./] of cases) {
    const answer = await connect(name, body);
    const [fault] = (answer.json["errors"] ?? []) as { path: string; message: string }[];
    assert.deepEqual([answer.status, fault?.path], [status, path], `${JSON.stringify(body).slice(0, 200)}: ${answer.text}`);
    if (fault) assert.match(fault.message, message);
  }
  await manage("DELETE", "connections/a");
});

test("models are listed: the built-in one, those that a connection lists, and those that its provider tells of", async () => {
  await connect("listed", { provider: "openai", baseUrl: provider.url, settings: { models: ["gpt-4o-mini-2024-07-18", "my-tune"] } });
  await connect("told", { provider: "openai-compatible", baseUrl: provider.url });
  await connect("silent", { provider: "openai-compatible", baseUrl: `${provider.url}/nowhere` });
  const known = await manage("GET", "models");
  assert.ok(Check(ModelList, known.json), known.text);
  const [offline, dated, tune, ...more] = known.json.data;
  assert.deepEqual([offline?.model, offline?.isDefault, offline?.price], ["offline/extractive", true, { input: "0", output: "0" }]);
  assert.deepEqual(
    [dated?.model, dated?.source, dated?.contextTokens, dated?.price?.input],
    ["listed/gpt-4o-mini-2024-07-18", "connection", 128_000, "15"],
  );
  assert.ok(dated?.capabilities.includes("vision"));
  assert.deepEqual([tune?.model, tune?.capabilities, tune?.price], ["listed/my-tune", [], undefined]);
  assert.deepEqual([more, known.json.notAsked], [[], []]);
  const asked = await manage("GET", "models?ask=true");
  assert.ok(Check(ModelList, asked.json), asked.text);
  assert.ok(
    asked.json.data.some(({ connection, source }) => connection === "told" && source === "provider"),
    asked.text,
  );
  assert.deepEqual(
    asked.json.notAsked.map(({ connection, error }) => [connection, error.type]),
    [["silent", "llm_unavailable"]],
  );
  for (const name of ["listed", "told", "silent"]) await manage("DELETE", `connections/${name}`);
});

test("a model answers a test, with what it cost", async () => {
  await connect("work", { provider: "openai", baseUrl: provider.url, credential });
  const named = await manage("POST", "models/test", { model: "work/gpt-4o-mini", prompt: "Say OK." });
  assert.ok(Check(TestModelAnswer, named.json), named.text);
  const { durationMs: _, ...rest } = named.json;
  const cost = { inputTokens: 1_000, outputTokens: 500, credits: "0.045", isPriced: true };
  assert.deepEqual(rest, { ok: true, model: "work/gpt-4o-mini", text: "OK", ...cost });
  const offline = await manage("POST", "models/test");
  assert.deepEqual([offline.status, offline.json["ok"], offline.json["model"]], [200, true, "offline/extractive"], offline.text);
  assert.deepEqual([offline.json["isPriced"], offline.json["credits"]], [true, "0"]);
  const nobody = await manage("POST", "models/test", { model: "nobody/gpt" });
  assert.deepEqual([nobody.json["ok"], (nobody.json["error"] as { type: string }).type], [false, "llm_unavailable"]);
});

test("a test of a connection asks one of its models, and says what is wrong: the key, the URL, the model", async () => {
  const tested = async (body?: object) => {
    const answer = await manage("POST", "connections/work/test", body);
    assert.ok(Check(TestConnectionAnswer, answer.json), answer.text);
    return answer.json;
  };
  await connect("work", { provider: "openai", baseUrl: provider.url, credential });
  assert.deepEqual([(await tested()).ok, (await tested({ model: "gpt-4o" })).model], [true, "work/gpt-4o"]);
  // As workflows name it; a provider whose models are called after it keeps their names.
  assert.equal((await tested({ model: "work/gpt-4o" })).model, "work/gpt-4o");
  await connect("work", { provider: "openai", baseUrl: provider.url, credential, settings: { models: ["work/auto"] } });
  assert.equal((await tested({ model: "work/auto" })).model, "work/work/auto");
  await connect("work", { provider: "openai-compatible", baseUrl: `${urlOf(listless)}/v1`, credential });
  assert.deepEqual([(await tested({ model: "work/gpt-4o" })).model, (await tested()).ok], ["work/gpt-4o", false]);
  await connect("work", { provider: "openai", baseUrl: provider.url, credential });
  provider.nextRequestError(404, { message: "The model gpt-9 does not exist", type: "invalid_request_error" });
  const model = await tested({ model: "gpt-9" });
  assert.deepEqual([model.ok, model.error?.type], [false, "llm_unavailable"]);
  assert.match(model.error?.message ?? "", /gpt-9 does not exist/);
  provider.nextRequestError(401, { message: "Incorrect API key provided", type: "invalid_request_error" });
  const refused = await tested({ model: "gpt-4o" });
  assert.deepEqual([refused.ok, refused.error?.type], [false, "llm_auth"]);
  assert.match(refused.error?.message ?? "", /Check the credential/);
  await connect("work", { provider: "openai-compatible", baseUrl: `${provider.url}/nowhere`, credential });
  const url = await tested();
  assert.deepEqual([url.ok, url.error?.type], [false, "llm_unavailable"]);
  assert.match(url.error?.message ?? "", /base URL/);
});

test("who names a connection is told, also where it is by a model or its backup", async () => {
  await connect("spare", { provider: "openai-compatible", baseUrl: provider.url });
  const ask = { id: "ask", type: "llm", model: "work/gpt-4o", backup: "spare/llama", prompt: "model: nobody/gpt" };
  const document = {
    format: "millrace/1",
    name: "asking",
    nodes: [{ id: "start", type: "start" }, ask, { id: "end", type: "end" }],
    edges: [],
  };
  const { json, text } = await manage("POST", "workflows", { document });
  for (const name of ["work", "spare"]) {
    const { workflows } = (await manage("GET", `connections/${name}`)).json as { workflows?: unknown };
    assert.deepEqual(workflows, [{ id: json["id"], name: "asking" }], text);
  }
});
