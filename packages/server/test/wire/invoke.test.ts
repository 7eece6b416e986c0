import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, failing, slow, start, todayNews } from "#testing/workflows";

let server: TestServer;
let news: { id: string; key: string };
let echoKey: string;

before(async () => {
  server = await startTestServer();
  news = await server.publish(todayNews);
  echoKey = (await server.publish(echo)).key;
});
after(() => server.close());

/** Query until the run has ended; each query is a round trip, so this waits on nothing but the server. */
async function ended(key: string, runId: unknown) {
  for (;;) {
    const answer = await server.query(key, runId);
    if (answer.json["status"] === "SUCCEED" || answer.json["status"] === "FAILED") return answer;
  }
}

test("what an expression without names gives is found in the run, also where it gives an error", async () => {
  const output = (fields: JsonObject) => document("constants", [start({}), { id: "end", type: "end", output: fields }], ["start -> end"]);
  const { key } = await server.publish(output({ list: ["{{ 1 + 1 }}", "plain"], nested: { sum: "{{ 2 + 3 }}" }, text: "\\{{" }));
  assert.deepEqual((await server.invoke(key, { input: {} })).json["output"], { list: [2, "plain"], nested: { sum: 5 }, text: "{{" });
  const { key: broken } = await server.publish(output({ sum: "{{ -null }}" }));
  const answer = await server.invoke(broken, { input: {} });
  assert.equal((answer.json["error"] as JsonObject)["type"], "expression_error", answer.text);
});

test("W2 L33 every form of the key is one key; Basic is none", async () => {
  const forms = [`Bearer ${news.key}`, `bearer ${news.key}`, `BEARER  ${news.key}`, news.key];
  for (const authorization of forms) {
    const answer = await server.call("GET", "/v1/api-key/verify", { headers: { Authorization: authorization } });
    assert.equal(answer.status, 200, authorization);
    assert.deepEqual(answer.json["data"], {
      entity_type: "workflow",
      entity_id: news.id,
      name: "todayNews",
      api_enabled: true,
      version_manage_enabled: false,
      live_version: "1.0.0",
    });
  }
  for (const authorization of [
    `Basic ${Buffer.from(`${news.key}:x`).toString("base64")}`,
    "Bearer",
    "Bearer a b",
    "",
    `${news.key}x`,
    "mr_unknown",
  ]) {
    const answer = await server.call("POST", "/v1/workflow/invoke", {
      headers: { Authorization: authorization },
      body: { input: { topic: "x" } },
    });
    assert.equal(answer.status, 401, authorization);
    assert.equal(answer.json["code"], 40127);
    assert.ok(answer.headers["www-authenticate"]);
  }
});

test("W3 an acknowledgement has five keys in order, and PENDING", async () => {
  const answer = await server.invoke(news.key, { input: { topic: "x" }, isAsync: true });
  assert.deepEqual(Object.keys(answer.json), ["workflowId", "workflowName", "workflowVersion", "workflowRunId", "status"]);
  assert.equal(answer.json["status"], "PENDING");
  assert.match(String(answer.json["workflowRunId"]), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(String(answer.json["workflowId"]), /^[0-9a-f]{24}$/);
  assert.ok(String(answer.headers["x-run-url"]).endsWith(`/runs/${answer.json["workflowRunId"]}`));
  await ended(news.key, answer.json["workflowRunId"]);
});

test("W4 W6 a running run has what its status allows, then the same bytes for ever", async () => {
  const { key } = await server.publish(slow);
  const accepted = await server.invoke(key, { input: { ms: 300 }, isAsync: true });
  let running = await server.query(key, accepted.json["workflowRunId"]);
  // One that an engine outside drives may not have begun by then.
  while (!drivesItself && running.json["status"] === "PENDING") running = await server.query(key, accepted.json["workflowRunId"]);
  assert.deepEqual(Object.keys(running.json), [
    "workflowId",
    "workflowName",
    "workflowVersion",
    "workflowRunId",
    "input",
    "status",
    "startTime",
  ]);
  assert.equal(running.json["status"], "RUNNING");
  const first = await ended(key, accepted.json["workflowRunId"]);
  assert.ok(Object.values(first.json).every((value) => value !== null));
  for (let i = 0; i < 5; i++) assert.equal((await server.query(key, accepted.json["workflowRunId"])).text, first.text);
});

test("W7 W9 the synchronous body and the query are the same bytes; times add up", async () => {
  const answer = await server.invoke(news.key, { userId: "u", input: { topic: "tides" } });
  const queried = await server.query(news.key, answer.json["workflowRunId"]);
  assert.equal(queried.text, answer.text);
  const { workflowExecutionTime, startTime, endTime } = answer.json as {
    workflowExecutionTime: number;
    startTime: number;
    endTime: number;
  };
  for (const value of [workflowExecutionTime, startTime, endTime]) assert.ok(Number.isInteger(value));
  assert.ok(workflowExecutionTime >= 0 && workflowExecutionTime <= endTime - startTime);
});

const ODD_INPUTS: readonly string[] = [
  `{"value":"","unknown":{"deep":[1,2,{"__proto__":{"polluted":1}}]},"__proto__":{"x":1}}`,
  `{"value":"\\ud800 lone","\\udc00":1}`,
  `{"value":"data:;base64,AAAA","2":"b","1":"a"}`,
  `{"value":[1e21,0.1,-0,9007199254740991],"constructor":"c","toString":null}`,
];

for (const [index, text] of ODD_INPUTS.entries()) {
  test(`W8 the input comes back as it was sent (${index})`, async () => {
    const answer = await server.invoke(echoKey, `{"input":${text}}`);
    assert.equal(answer.status, 200, answer.text);
    const expected = JSON.stringify(JSON.parse(text));
    assert.ok(answer.text.includes(`"input":${expected},"output"`), `${answer.text} does not hold ${expected}`);
    assert.equal((await server.query(echoKey, answer.json["workflowRunId"])).text, answer.text);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
}

test("W12 a failed run is a successful request with an error and no output", async () => {
  const { key } = await server.publish(failing);
  const answer = await server.invoke(key, { input: {} });
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json), [
    "workflowId",
    "workflowName",
    "workflowVersion",
    "workflowRunId",
    "input",
    "workflowExecutionTime",
    "status",
    "totalCost",
    "totalTokens",
    "startTime",
    "endTime",
    "error",
  ]);
  assert.equal(answer.json["status"], "FAILED");
  const error = answer.json["error"] as { code: number; type: string; message: string; nodeId: string; nodeName: string };
  assert.deepEqual(Object.keys(error), ["code", "type", "message", "nodeId", "nodeName"]);
  assert.equal(error.code, 50000);
  assert.equal(error.type, "code_error");
  assert.match(error.message, /no luck/);
  assert.equal(error.nodeId, "boom");
  assert.equal(error.nodeName, "Boom");
});

test("W13 L32 unknown, random and foreign run ids are one and the same answer", async () => {
  const foreign = await server.invoke(echoKey, { input: {} });
  const answers = [];
  for (const id of ["01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", "no such thing", "%00", foreign.json["workflowRunId"]]) {
    const { status, text, headers } = await server.call("POST", "/v1/workflow/query/result", {
      key: news.key,
      body: { workflowRunId: id },
      headers: { "X-Request-Id": "same" },
    });
    const { date: _, ...rest } = headers;
    answers.push({ status, text, headers: rest });
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.status, 404);
  assert.equal(JSON.parse(answers[0]?.text ?? "").code, 40348);
});

test("W14 a refused request leaves no run", async () => {
  const before = (await server.app.store.runs.list("default", { limit: 100 })).length;
  await server.invoke(news.key, { input: { topic: 1 } });
  await server.invoke(news.key, { input: "no" });
  await server.invoke(news.key, "{");
  await server.invoke("mr_nobody", { input: { topic: "x" } });
  assert.equal((await server.app.store.runs.list("default", { limit: 100 })).length, before);
});

test("W16 L34 a client that goes away changes nothing of the run", async () => {
  const { key } = await server.publish(slow);
  const body = JSON.stringify({ input: { ms: 200 } });
  const runId = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", reject);
    socket.write(
      `POST /v1/workflow/invoke HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      () => {
        const look = async (): Promise<void> => {
          const [run] = await server.app.store.runs.list("default", { limit: 1, status: "RUNNING" });
          if (!run) return void setImmediate(() => void look().catch(reject));
          socket.destroy();
          resolve(run.id);
        };
        void look().catch(reject);
      },
    );
  });
  const answer = await ended(key, runId);
  assert.equal(answer.json["status"], "SUCCEED");
  assert.deepEqual(answer.json["output"], { waited: 200 });
});

test("W18 the version of a run is the one live at acceptance", async () => {
  const { id, key } = await server.publish({ ...slow, name: "pinned" });
  const accepted = await server.invoke(key, { input: { ms: 200 }, isAsync: true });
  await server.publish(document("pinned", [start({}), { id: "end", type: "end", output: { other: true } }], ["start -> end"]));
  assert.equal((await server.invoke(key, { input: {} })).json["workflowVersion"], "1.0.1");
  const answer = await ended(key, accepted.json["workflowRunId"]);
  assert.equal(answer.json["workflowVersion"], "1.0.0");
  assert.deepEqual(answer.json["output"], { waited: 200 });
  await server.app.authoring.promote("default", id, "1.0.0");
  assert.equal((await server.invoke(key, { input: { ms: 1 } })).json["workflowVersion"], "1.0.0");
});

test("W19 every fault of the input is named by its pointer; nothing is coerced", async () => {
  const { key } = await server.publish(
    document(
      "typed",
      [
        start(
          {
            text: { type: "string" },
            count: { type: "integer" },
            flag: { type: "boolean" },
            list: { type: "array", items: { type: "number" } },
          },
          ["text", "count"],
        ),
        { id: "end", type: "end", output: {} },
      ],
      ["start -> end"],
    ),
  );
  const answer = await server.invoke(key, { input: { text: 5, count: "5", flag: 1, list: [1, "x"] } });
  assert.equal(answer.status, 400);
  assert.equal(answer.json["code"], 40000);
  assert.equal(answer.json["type"], "/errors/invalid_input");
  const errors = answer.json["errors"] as { path: string; code: string }[];
  assert.deepEqual(
    errors.map(({ path, code }) => [path, code]),
    [
      ["/input/text", "type"],
      ["/input/count", "type"],
      ["/input/flag", "type"],
      ["/input/list/1", "type"],
    ],
  );
  assert.equal(answer.json["message"], "input.text: expected string, got number");
  const missing = await server.invoke(key, { input: { count: null } });
  assert.deepEqual(
    (missing.json["errors"] as { path: string; code: string }[]).map(({ path, code }) => [path, code]),
    [
      ["/input/text", "required"],
      ["/input/count", "required"],
    ],
  );
  assert.equal((await server.invoke(key, { input: { text: "t", count: 5.0, flag: null } })).status, 200);
  assert.equal((await server.invoke(key, { input: { text: "t", count: 5.5 } })).status, 400);
  assert.equal((await server.invoke(key, `{"input":{"text":"t","count":9007199254740993}}`)).status, 400);
});

test("W20 unknown input keys are echoed and invisible; strictInput refuses them", async () => {
  const answer = await server.invoke(news.key, { input: { topic: "x", extra: 1 } });
  assert.deepEqual(answer.json["input"], { topic: "x", extra: 1 });
  const { key } = await server.publish(
    document("strict", [start({ topic: { type: "string" } }), { id: "end", type: "end", output: {} }], ["start -> end"], {
      strictInput: true,
    }),
  );
  const refused = await server.invoke(key, { input: { topik: "x" } });
  assert.equal(refused.status, 400);
  assert.equal((refused.json["errors"] as { code: string }[])[0]?.code, "unknown_key");
});

const target = { method: "POST", url: "https://example.com/hook" };
const BAD_WEBHOOKS: readonly (readonly [string, unknown])[] = [
  ["six targets", Array.from({ length: 6 }, () => target)],
  ["a method", [{ ...target, method: "DELETE" }]],
  ["no method", [{ url: target.url }]],
  ["a relative URL", [{ ...target, url: "/hook" }]],
  ["a scheme", [{ ...target, url: "ftp://example.com" }]],
  ["user information", [{ ...target, url: "https://u:p@example.com" }]],
  ["a long URL", [{ ...target, url: `https://example.com/${"x".repeat(2048)}` }]],
  ["a header value", [{ ...target, headers: { "X-A": "a\r\nb: c" } }]],
  ["a header name", [{ ...target, headers: { "X A": "a" } }]],
  ["33 headers", [{ ...target, headers: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`x-${i}`, "v"])) }]],
  ["a private host", [{ ...target, url: "http://127.0.0.1:1/hook" }]],
  ["no list", "https://example.com"],
];
for (const [what, webhook] of BAD_WEBHOOKS) {
  test(`W21 webhooks are refused on both kinds of call: ${what}`, async () => {
    for (const isAsync of [true, false]) {
      const answer = await server.invoke(news.key, { input: { topic: "x" }, isAsync, webhook });
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json["code"], 40000);
      assert.ok(String((answer.json["errors"] as { path: string }[])[0]?.path).startsWith("/webhook"));
    }
  });
}

test("W29 a text end gives one text, and texts stay texts", async () => {
  const { key } = await server.publish(
    document("texts", [start({ json: { type: "string" } }), { id: "end", type: "end", text: "{{ start.json }}" }], ["start -> end"]),
  );
  const answer = await server.invoke(key, { input: { json: '{"a":1}' } });
  assert.deepEqual(answer.json["output"], { output: '{"a":1}' });
});

test("W31 an empty input runs a workflow without required parameters", async () => {
  const answer = await server.invoke(echoKey, { input: {} });
  assert.equal(answer.json["status"], "SUCCEED");
  assert.deepEqual(answer.json["output"], { value: null });
});

test("null and [] stand for an absent member", async () => {
  const answer = await server.invoke(news.key, { userId: null, input: { topic: "x" }, isAsync: null, webhook: [] });
  assert.equal(answer.json["status"], "SUCCEED");
});

test("L33: a key of two workflows names one", async () => {
  const { key } = await server.app.apiKeys.create("default", { workflows: ["todayNews", "echo"] });
  const unnamed = await server.invoke(key, { input: { topic: "x" } });
  assert.equal(unnamed.status, 400);
  assert.equal(unnamed.json["type"], "/errors/workflow_required");
  assert.match(String(unnamed.json["message"]), /todayNews.*echo|echo.*todayNews/);
  assert.equal(
    (await server.invoke(key, { input: { topic: "x" } }, { "Millrace-Workflow": "todayNews" })).json["workflowName"],
    "todayNews",
  );
  assert.equal((await server.invoke(key, { input: {} }, { "Millrace-Workflow": news.id })).status, 400);
  assert.equal((await server.invoke(key, { input: {} }, { "Millrace-Workflow": "slow" })).status, 404);
  const verified = await server.call("GET", "/v1/api-key/verify", { key });
  assert.equal((verified.json["data"] as { entity_id: string }).entity_id, "");
});
