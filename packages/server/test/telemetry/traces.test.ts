import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Collector, type ReceivedSpan, spanNamed, startCollector } from "#testing/collector";
import { type Receiver, startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, start } from "#testing/workflows";
import { untilDelivery } from "../webhooks/harness.ts";

const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

describe("traces", () => {
  let collector: Collector;
  let receiver: Receiver;
  let server: TestServer;
  const open = (settings: Record<string, string> = {}) =>
    startTestServer({
      settings: { egressAllow: `127.0.0.1:${receiver.port}`, otlpEndpoint: collector.url, ...settings },
    });

  beforeEach(async () => {
    collector = await startCollector();
    receiver = await startReceiver();
    server = await open();
  });
  afterEach(async () => {
    await server.close();
    receiver.close();
    collector.close();
  });

  /** What the server has to export, all of it. */
  async function exported(): Promise<readonly ReceivedSpan[]> {
    await server.close();
    return collector.spans();
  }

  const http = (id: string, path: string, more: JsonObject = {}): JsonObject => ({
    id,
    type: "http",
    request: { method: "POST", url: receiver.url(path), body: { json: {} } },
    ...more,
  });

  const flow = (name: string, nodes: readonly JsonObject[]): JsonObject => {
    const ids = ["start", ...nodes.map(({ id }) => String(id)), "end"];
    const edges = ids.slice(1).map((id, at) => `${ids[at]} -> ${id}`);
    return document(name, [start({ who: { type: "string" } }), ...nodes, { id: "end", type: "end", output: {} }], edges);
  };

  const traceparentAt = (path: string) => String(receiver.at(path)[0]?.headers["traceparent"]);

  test("a call of a model is a span that says which one, and how many tokens", async () => {
    const ask = { id: "ask", type: "llm", prompt: "A question that nobody is told. It has two sentences." };
    const failing = { id: "fail", type: "llm", model: "nowhere/gpt", prompt: "x", retry: { maxAttempts: 1 }, onError: { do: "continue" } };
    const { key } = await server.publish(flow("asking", [ask, failing]));
    const { json } = await server.invoke(key, { input: {} });
    assert.equal(json["status"], "SUCCEED");
    const spans = await exported();
    const chat = spanNamed(spans, "chat");
    assert.deepEqual([chat.parentSpanId, chat.kind, chat.isError], [spanNamed(spans, "llm ask").spanId, CLIENT, false]);
    const { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output, ...attributes } = chat.attributes;
    assert.equal(Number(input) + Number(output), json["totalTokens"]);
    assert.deepEqual(attributes, {
      "millrace.run.id": json["workflowRunId"],
      "millrace.node.path": "ask",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "offline",
      "gen_ai.response.model": "extractive",
    });
    const failed = spanNamed(spans, "chat nowhere/gpt");
    assert.deepEqual(
      [failed.isError, failed.attributes["error.type"], failed.attributes["gen_ai.request.model"]],
      [true, "llm_unavailable", "gpt"],
    );
    assert.doesNotMatch(JSON.stringify(spans), /nobody is told/);
  });

  test("a run is a trace: the run, its nodes, their requests", async () => {
    const { id, key } = await server.publish(flow("order", [http("pay", "/pay?key=a-secret")]));
    const { json } = await server.invoke(key, { input: { who: "a-user's-text" }, userId: "u-1" });
    const runId = String(json["workflowRunId"]);
    const spans = await exported();
    assert.deepEqual(new Set(spans.map(({ traceId }) => traceId)), new Set([runId.replaceAll("-", "")]));
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
    const run = spanNamed(spans, "run order");
    assert.deepEqual([run.parentSpanId, run.kind, run.isError], [undefined, SERVER, false]);
    assert.deepEqual(run.attributes, {
      "millrace.run.id": runId,
      "millrace.run.status": "SUCCEED",
      "millrace.run.trigger": "api",
      "millrace.workflow.id": id,
      "millrace.workflow.name": "order",
      "millrace.workflow.version": "1.0.0",
    });
    const pay = spanNamed(spans, "http pay");
    assert.deepEqual([pay.parentSpanId, pay.kind], [run.spanId, INTERNAL]);
    assert.deepEqual(pay.attributes, {
      "millrace.run.id": runId,
      "millrace.node.id": "pay",
      "millrace.node.type": "http",
      "millrace.node.path": "pay",
      "millrace.node.attempt": 1,
    });
    const post = spanNamed(spans, "POST");
    assert.deepEqual([post.parentSpanId, post.kind], [pay.spanId, CLIENT]);
    assert.deepEqual(post.attributes, {
      "millrace.run.id": runId,
      "millrace.node.path": "pay",
      "http.request.method": "POST",
      "url.full": receiver.url("/pay"),
      "server.address": "127.0.0.1",
      "server.port": receiver.port,
      "http.response.status_code": 200,
    });
    assert.equal(traceparentAt("/pay"), `00-${post.traceId}-${post.spanId}-01`);
    assert.ok(run.startedAt <= pay.startedAt && pay.startedAt <= post.startedAt);
    assert.ok(post.endedAt <= pay.endedAt && pay.endedAt <= run.endedAt);
    for (const { body } of collector.exports) assert.doesNotMatch(body, /a-secret|a-user|u-1/);
  });

  test("says who exports, to the address and with the headers that the operator gave", async () => {
    await server.close();
    server = await open({ otlpEndpoint: `${collector.url}/`, otlpHeaders: "authorization=Basic%20abc,x-team=a", otlpServiceName: "mill" });
    const { key } = await server.publish(echo);
    await server.invoke(key, { input: { value: 1 } });
    await exported();
    const [sent] = collector.exports;
    assert.deepEqual(
      [sent?.method, sent?.headers["content-type"], sent?.headers["authorization"], sent?.headers["x-team"]],
      ["POST", "application/json", "Basic abc", "a"],
    );
    const { resourceSpans } = JSON.parse(sent?.body ?? "") as { resourceSpans: [{ resource: { attributes: { key: string }[] } }] };
    const attributes = resourceSpans[0].resource.attributes;
    assert.deepEqual(attributes.slice(0, 2), [
      { key: "service.name", value: { stringValue: "mill" } },
      { key: "service.version", value: { stringValue: "0.0.0-test" } },
    ]);
  });

  test("a caller's traceparent makes the run a child of the caller's span", async () => {
    const { key } = await server.publish(flow("child", [http("call", "/call")]));
    await server.invoke(key, { input: {} }, { traceparent: `00-${TRACE}-${PARENT}-01` });
    const spans = await exported();
    assert.deepEqual(new Set(spans.map(({ traceId }) => traceId)), new Set([TRACE]));
    assert.equal(spanNamed(spans, "run child").parentSpanId, PARENT);
    assert.match(traceparentAt("/call"), new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  });

  test("what the caller does not sample is not exported, and whoever is called is told so", async () => {
    const { key } = await server.publish(flow("unsampled", [http("call", "/call")]));
    await server.invoke(key, { input: {} }, { traceparent: `00-${TRACE}-${PARENT}-00` });
    assert.deepEqual(await exported(), []);
    assert.match(traceparentAt("/call"), new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  test("a traceparent of the node's own is sent as it is", async () => {
    const own = `00-${TRACE}-${PARENT}-01`;
    const request = { method: "GET", url: receiver.url("/own"), headers: { Traceparent: own } };
    const { key } = await server.publish(flow("own", [{ id: "call", type: "http", request }]));
    assert.equal((await server.invoke(key, { input: {} })).json["status"], "SUCCEED");
    assert.equal(traceparentAt("/own"), own);
  });

  test("each attempt is a span; a failed one says why, in a word", async () => {
    receiver.answer("/flaky", (response, nth) => response.writeHead(nth === 0 ? 503 : 200).end("the-answer's-text"));
    const retry = { maxAttempts: 2, initialMs: 1, factor: 1, jitter: false };
    const { key } = await server.publish(flow("flaky", [http("call", "/flaky", { retry })]));
    const { json, text } = await server.invoke(key, { input: {} });
    assert.equal(json["status"], "SUCCEED", text);
    const spans = await exported();
    const attempts = spans.filter(({ name }) => name === "http call");
    assert.deepEqual(
      attempts.map(({ attributes, isError }) => [attributes["millrace.node.attempt"], attributes["error.type"], isError]),
      [
        [1, "http_503", true],
        [2, undefined, false],
      ],
    );
    const posts = spans.filter(({ name }) => name === "POST");
    assert.deepEqual(
      posts.map(({ attributes, parentSpanId }) => [attributes["http.response.status_code"], attributes["error.type"], parentSpanId]),
      [
        [503, "503", attempts[0]?.spanId],
        [200, undefined, attempts[1]?.spanId],
      ],
    );
    for (const { body } of collector.exports) assert.doesNotMatch(body, /the-answer/);
  });

  test("a URL that shows a secret is told by no span, and the request is traced all the same", async () => {
    const { key: admin } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    await server.call("PUT", "/api/v1/secrets/token", { key: admin, body: { value: "sesame-1234567" } });
    const request = { url: `${receiver.url("/bot")}/{{ secrets.token }}/send` };
    const { key } = await server.publish(flow("secretive", [{ id: "call", type: "http", request }]));
    const { json, text } = await server.invoke(key, { input: {} });
    assert.equal(json["status"], "SUCCEED", text);
    const spans = await exported();
    const get = spanNamed(spans, "GET");
    assert.equal(get.parentSpanId, spanNamed(spans, "http call").spanId);
    assert.deepEqual([get.attributes["url.full"], get.attributes["server.address"]], [undefined, "127.0.0.1"]);
    assert.equal(traceparentAt("/bot/sesame-1234567/send"), `00-${get.traceId}-${get.spanId}-01`);
    for (const { body } of collector.exports) assert.doesNotMatch(body, /sesame/);
  });

  test("a redirect is a second request", async () => {
    receiver.answer("/old", (response) => response.writeHead(307, { Location: "/new?token=a-secret" }).end());
    const { key } = await server.publish(flow("moved", [http("call", "/old")]));
    await server.invoke(key, { input: {} });
    const posts = (await exported()).filter(({ name }) => name === "POST");
    assert.deepEqual(
      posts.map(({ attributes }) => [attributes["url.full"], attributes["http.request.resend_count"]]),
      [
        [receiver.url("/old"), undefined],
        [receiver.url("/new"), 1],
      ],
    );
  });

  test("a request that got no answer says so", async () => {
    receiver.answer("/gone", (response) => response.destroy());
    const { key } = await server.publish(flow("gone", [http("call", "/gone")]));
    await server.invoke(key, { input: {} });
    const spans = await exported();
    assert.equal(spanNamed(spans, "POST").attributes["error.type"], "http_network");
    assert.equal(spanNamed(spans, "run gone").attributes["error.type"], "http_network");
  });

  test("a node of a body stands below its container", async () => {
    const body = {
      nodes: [
        { id: "call", type: "http", request: { method: "GET", url: receiver.url("/item") } },
        { id: "done", type: "next", output: 1 },
      ],
      edges: ["call -> done"],
    };
    const each = { id: "each", type: "batch", items: "{{ [1, 2] }}", body };
    const { key } = await server.publish(flow("items", [each]));
    const { json, text } = await server.invoke(key, { input: {} });
    assert.equal(json["status"], "SUCCEED", text);
    const spans = await exported();
    const container = spanNamed(spans, "batch each");
    const calls = spans.filter(({ name }) => name === "http call");
    assert.deepEqual(
      calls.map(({ parentSpanId, attributes }) => [parentSpanId, attributes["millrace.node.path"]]).toSorted(),
      [0, 1].map((index) => [container.spanId, `each[${index}]/call`]),
    );
  });

  test("a called workflow runs in the trace of the step that called it", async () => {
    await server.publish(flow("inner", []));
    const { key } = await server.publish(flow("outer", [{ id: "call", type: "workflow", workflow: "inner", input: {} }]));
    const { json, text } = await server.invoke(key, { input: {} });
    assert.equal(json["status"], "SUCCEED", text);
    const spans = await exported();
    const inner = spanNamed(spans, "run inner");
    assert.deepEqual(
      [inner.parentSpanId, inner.traceId, inner.kind],
      [spanNamed(spans, "workflow call").spanId, spanNamed(spans, "run outer").traceId, INTERNAL],
    );
  });

  test("a webhook is a request below its run", async () => {
    const { key } = await server.publish(flow("told", []));
    const webhook = [{ method: "POST", url: receiver.url("/hook") }];
    const { json } = await server.invoke(key, { input: {}, isAsync: true, webhook });
    const runId = String(json["workflowRunId"]);
    await untilDelivery(server, { tenantId: "default", runId, ordinal: 0 }, ({ state }) => state === "delivered");
    const spans = await exported();
    const post = spanNamed(spans, "POST");
    assert.equal(post.parentSpanId, spanNamed(spans, "run told").spanId);
    assert.deepEqual([post.attributes["millrace.webhook.ordinal"], post.attributes["millrace.webhook.attempt"]], [0, 1]);
    assert.equal(traceparentAt("/hook"), `00-${post.traceId}-${post.spanId}-01`);
  });

  test("samplers choose runs, not spans", async () => {
    await server.close();
    server = await open({ tracesSampler: "traceidratio", tracesSamplerShare: "0.5" });
    const { key } = await server.publish(flow("half", []));
    for (let n = 0; n < 40; n++) await server.invoke(key, { input: {} });
    const spans = await exported();
    const runs = spans.filter(({ name }) => name === "run half");
    // All or none of 40 at one half: once in a million million.
    assert.ok(runs.length > 0 && runs.length < 40, `${runs.length} runs`);
    assert.equal(spans.length, runs.length * 3);
  });

  test("without an endpoint nothing is traced, kept or sent", async () => {
    await server.close();
    server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` } });
    const { key } = await server.publish(flow("off", [http("call", "/call")]));
    const { json } = await server.invoke(key, { input: {} }, { traceparent: `00-${TRACE}-${PARENT}-01` });
    const [accepted] = await server.app.store.runs.journal("default", String(json["workflowRunId"]));
    assert.equal(accepted?.type === "run-accepted" && accepted.traceparent, undefined);
    assert.equal(receiver.at("/call")[0]?.headers["traceparent"], undefined);
    assert.doesNotMatch((await server.call("GET", "/metrics")).text, /trace_/);
    assert.deepEqual(await exported(), []);
  });

  test("/metrics tells what was exported", async () => {
    assert.match((await server.call("GET", "/metrics")).text, /^millrace_trace_spans_exported_total 0$/m);
  });
});
