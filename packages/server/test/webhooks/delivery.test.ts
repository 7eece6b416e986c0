import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { DEFAULT_TENANT } from "#app";
import { startReceiver } from "#testing/receiver";
import { echo, failing, slow } from "#testing/workflows";
import { WAITS_MS } from "#webhooks/schedule";
import { webhookId } from "#webhooks/webhook-id";
import { openWorld, type World } from "./harness.ts";

let world: World;
let key: string;
let ownKey: { failing: string; slow: string };

before(async () => {
  world = await openWorld();
  key = (await world.server.publish(echo)).key;
  ownKey = { failing: (await world.server.publish(failing)).key, slow: (await world.server.publish(slow)).key };
});
after(() => world.close());

const post = (path: string, headers = {}) => ({ method: "POST", url: world.receiver.url(path), headers });
const delivered = ({ state }: { state: string }) => state === "delivered";
const keyOf = (runId: string, ordinal = 0) => ({ tenantId: DEFAULT_TENANT, runId, ordinal });

test("W22 a sync run delivers nothing, however well its webhook is", async () => {
  const answer = await world.server.invoke(key, { input: {}, webhook: [post("/sync")] });
  assert.equal(answer.json["status"], "SUCCEED");
  assert.deepEqual(
    await world.server.app.store.webhooks.list(DEFAULT_TENANT, { limit: 9, runId: String(answer.json["workflowRunId"]) }),
    [],
  );
  assert.equal(world.receiver.at("/sync").length, 0);
});

for (const method of ["POST", "PUT", "PATCH"]) {
  test(`W7 the body of a ${method} is that of the query, byte for byte`, async () => {
    const path = `/body/${method}`;
    const input = { value: { ключ: ["\u{1F600}", "\ud800", 1e21, -0.5, null], __proto__: 1 }, unknown: "" };
    const runId = await world.start(key, [{ ...post(path, { "X-Team": "harbour" }), method: method.toLowerCase() }], input);
    await world.until(runId, 0, delivered);
    const [received] = world.receiver.at(path);
    assert.equal(received?.method, method);
    assert.equal(received?.body, (await world.server.query(key, runId)).text);
    assert.equal(received?.headers["content-type"], "application/json");
    assert.equal(received?.headers["x-team"], "harbour");
    assert.equal(received?.headers["user-agent"], "Millrace/0.0.0-test");
    assert.equal(received?.headers["webhook-id"], webhookId(runId, 0));
    assert.equal(received?.headers["webhook-timestamp"], String(Math.floor(world.clock.now() / 1_000)));
  });
}

test("W24 a GET has no body and names the run behind its query", async () => {
  const runId = await world.start(key, [{ method: "GET", url: world.receiver.url("/get?a=%7e&a") }]);
  await world.until(runId, 0, delivered);
  const [received] = world.receiver.at("/get");
  const { workflowId } = (await world.server.query(key, runId)).json;
  assert.equal(received?.url, `/get?a=%7e&a&workflowRunId=${runId}&workflowId=${workflowId}&workflowVersion=1.0.0&status=SUCCEED`);
  assert.deepEqual([received?.body, received?.headers["content-type"], received?.headers["content-length"]], ["", undefined, undefined]);
});

test("W22 each entry is delivered, also two that are equal, each under its own id", async () => {
  const runId = await world.start(key, [post("/twice"), post("/twice"), post("/other")]);
  for (const ordinal of [0, 1, 2]) await world.until(runId, ordinal, delivered);
  const ids = world.receiver.at("/twice").map(({ headers }) => headers["webhook-id"]);
  assert.deepEqual(ids.toSorted(), [webhookId(runId, 0), webhookId(runId, 1)]);
});

test("a delivery whose attempt ends while the store is being read is not attempted again", async (t) => {
  const { webhooks } = world.server.app.store;
  const due = webhooks.due.bind(webhooks);
  const held = Promise.withResolvers<() => void>();
  world.receiver.answer("/raced", (response) => held.resolve(() => response.end("ok")));
  const runId = await world.start(key, [post("/raced")]);
  const answer = await held.promise;
  // The store tells of it as it is now, and is heard once the outcome is there.
  const [read, heard] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  t.mock.method(webhooks, "due", async (...asked: Parameters<typeof due>) => {
    const rows = await due(...asked);
    if (rows.some((row) => row.runId === runId)) {
      read.resolve();
      await heard.promise;
    }
    return rows;
  });
  const other = await world.start(key, [post("/raced/other")]);
  await read.promise;
  answer();
  await world.until(runId, 0, delivered);
  await setImmediate();
  heard.resolve();
  await world.until(other, 0, delivered);
  assert.equal(world.receiver.at("/raced").length, 1);
});

test("W22 a run that FAILED is delivered", async () => {
  const runId = await world.start(ownKey.failing, [post("/failed")]);
  await world.until(runId, 0, delivered);
  const [received] = world.receiver.at("/failed");
  assert.match(received?.body ?? "", /"status":"FAILED"/);
  assert.equal(received?.body, (await world.server.query(ownKey.failing, runId)).text);
});

test("W22 a run that was cancelled is delivered", async () => {
  const runId = await world.start(ownKey.slow, [post("/cancelled")], { ms: 60_000 });
  assert.equal(await world.server.app.runtime.cancel("default", runId), true);
  await world.until(runId, 0, delivered);
  const [received] = world.receiver.at("/cancelled");
  assert.match(received?.body ?? "", /"type":"cancelled"/);
  assert.equal(received?.body, (await world.server.query(ownKey.slow, runId)).text);
});

/** The run, as a query tells of it once it has ended. */
async function endOf(runId: string): Promise<string> {
  for (;;) {
    const { json, text } = await world.server.query(key, runId);
    if (json["endTime"] !== undefined) return text;
  }
}

test("W25 W26 W27 a receiver that always fails is tried along the schedule, and then the delivery has failed; the run is as it was", async () => {
  world.receiver.answer("/always", (response) => response.writeHead(500).end("no"));
  const runId = await world.start(key, [post("/always")]);
  const before = await endOf(runId);
  for (const [index, wait] of WAITS_MS.entries()) {
    if (index === 0) continue;
    const { dueAt } = await world.until(runId, 0, ({ attempts }) => attempts === index);
    const waited = (dueAt ?? 0) - world.clock.now();
    assert.ok(waited >= wait && waited <= wait * 1.1, `${waited} after ${index}`);
    world.clock.moveTo(dueAt ?? 0);
  }
  await world.until(runId, 0, ({ state }) => state === "failed");
  const received = world.receiver.at("/always");
  assert.equal(received.length, 10);
  assert.deepEqual(new Set(received.map(({ headers }) => headers["webhook-id"])), new Set([webhookId(runId, 0)]));
  assert.equal(new Set(received.map(({ headers }) => headers["webhook-signature"])).size, 10, "each at its own time");
  assert.equal((await world.server.query(key, runId)).text, before);
  const attempts = await world.server.app.store.webhooks.attempts(keyOf(runId));
  assert.deepEqual(
    attempts.map(({ response }) => [response?.status, response?.body]),
    Array(10).fill([500, "no"]),
  );
});

test("W25 a receiver that comes back is delivered to once", async () => {
  world.receiver.answer("/thrice", (response, nth) => response.writeHead(nth < 3 ? 503 : 204).end());
  const runId = await world.start(key, [post("/thrice")]);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const { dueAt } = await world.until(runId, 0, ({ attempts }) => attempts === attempt);
    world.clock.moveTo(dueAt ?? 0);
  }
  assert.equal((await world.until(runId, 0, delivered)).attempts, 4);
});

test("W25 a redirect is a failure and not followed", async () => {
  world.receiver.answer("/moved", (response) => response.writeHead(302, { Location: world.receiver.url("/elsewhere") }).end());
  const runId = await world.start(key, [post("/moved")]);
  const { state } = await world.until(runId, 0, ({ attempts }) => attempts === 1);
  assert.equal(state, "due");
  assert.equal(world.receiver.at("/elsewhere").length, 0);
});

test("W25 Retry-After puts the next attempt off", async () => {
  world.receiver.answer("/busy", (response, nth) => response.writeHead(nth === 0 ? 429 : 200, { "Retry-After": "3600" }).end());
  const runId = await world.start(key, [post("/busy")]);
  const { dueAt } = await world.until(runId, 0, ({ attempts }) => attempts === 1);
  assert.equal(dueAt, world.clock.now() + 3_600_000);
  world.clock.moveTo(dueAt ?? 0);
  await world.until(runId, 0, delivered);
});

test("W25 410 ends the delivery and disables the endpoint, also for what comes later", async () => {
  world.receiver.answer("/gone", (response) => response.writeHead(410).end());
  const first = await world.start(key, [post("/gone?a=1")]);
  await world.until(first, 0, ({ state }) => state === "disabled");
  const second = await world.start(key, [post("/gone?a=2")]);
  await world.until(second, 0, ({ state }) => state === "disabled");
  assert.equal(world.receiver.at("/gone").length, 1);
});

test("R5 a receiver that hangs has failed after the time-out; an answer whose body hangs has arrived", async () => {
  // Real time: long enough for a head to come on a busy machine.
  const hasty = await openWorld({ timeoutMs: 3_000 });
  try {
    const own = await hasty.server.publish(echo);
    hasty.receiver.answer("/hangs", () => undefined);
    hasty.receiver.answer("/slow-body", (response) => void response.writeHead(200).write("slow"));
    const [hangs, slowBody] = ["/hangs", "/slow-body"].map((path) => ({ method: "POST", url: hasty.receiver.url(path) }));
    const runId = await hasty.start(own.key, [hangs ?? {}, slowBody ?? {}]);
    assert.equal((await hasty.until(runId, 0, ({ attempts }) => attempts === 1)).state, "due");
    await hasty.until(runId, 1, delivered);
    const [attempt] = await hasty.server.app.store.webhooks.attempts(keyOf(runId));
    assert.deepEqual([attempt?.response, attempt?.error?.type], [null, "http_timeout"]);
  } finally {
    await hasty.close();
  }
});

test("R5 a receiver that cuts the connection is tried again", async () => {
  world.receiver.answer("/cuts", (response) => void response.destroy());
  const runId = await world.start(key, [post("/cuts")]);
  assert.equal((await world.until(runId, 0, ({ attempts }) => attempts === 1)).state, "due");
  const [attempt] = await world.server.app.store.webhooks.attempts(keyOf(runId));
  assert.deepEqual([attempt?.response, attempt?.error?.type], [null, "http_network"]);
});

test("the head of an answer decides: a body that is long or broken off changes nothing, and its beginning is kept", async () => {
  world.receiver.answer("/long", (response) => void response.end("x".repeat(100_000)));
  world.receiver.answer("/broken-body", (response) => {
    response.writeHead(200, { "Content-Length": "1000" });
    response.write("broken", () => response.destroy());
  });
  for (const path of ["/long", "/broken-body"]) {
    const runId = await world.start(key, [post(path)]);
    await world.until(runId, 0, delivered);
    const [attempt] = await world.server.app.store.webhooks.attempts(keyOf(runId));
    assert.equal(attempt?.response?.status, 200);
    if (path === "/long") assert.equal(attempt?.response?.body, "x".repeat(16 * 1_024));
  }
});

test("W28 a name that resolves to a refused address is never called", async () => {
  const runId = await world.start(key, [{ method: "POST", url: `http://localhost.example.invalid:${world.receiver.port}/named` }]);
  await world.until(runId, 0, ({ attempts }) => attempts === 1);
  const [attempt] = await world.server.app.store.webhooks.attempts(keyOf(runId));
  assert.ok(attempt?.error);
  assert.equal(world.receiver.at("/named").length, 0);
});

test("R12 a receiver that hangs holds its own places, and delays no other", async () => {
  const own = await openWorld();
  try {
    const { key: stuck } = await own.server.publish(failing);
    const { key: quick } = await own.server.publish(echo);
    own.receiver.answer("/black-hole", () => undefined);
    const url = own.receiver.url("/black-hole");
    await Promise.all(Array.from({ length: 20 }, () => own.start(stuck, [{ method: "POST", url }])));
    const runId = await own.start(quick, [{ method: "POST", url: own.receiver.url("/quick") }]);
    await own.until(runId, 0, delivered);
    assert.ok(own.receiver.at("/black-hole").length <= 8);
  } finally {
    await own.close();
  }
});

test("R12 a receiver that hangs delays nobody, however many workflows call it", async () => {
  const own = await openWorld({ egressAllow: "127.0.0.1" });
  const blackHole = await startReceiver();
  try {
    blackHole.answer("/", () => undefined);
    const webhook = Array.from({ length: 5 }, () => ({ method: "POST", url: `http://127.0.0.1:${blackHole.port}/` }));
    // Were each workflow counted by itself alone, they would take all 256 places.
    const stick = async (_: unknown, index: number): Promise<void> => {
      const { key: stuck } = await own.server.publish({ ...echo, name: `stuck${index}` });
      await Promise.all([own.start(stuck, webhook), own.start(stuck, webhook)]);
    };
    await Promise.all(Array.from({ length: 33 }, stick));
    const { key: quick } = await own.server.publish(echo);
    const runId = await own.start(quick, [{ method: "POST", url: own.receiver.url("/quick") }]);
    await own.until(runId, 0, delivered);
    assert.ok(blackHole.received.length <= 64);
  } finally {
    await own.close();
    blackHole.close();
  }
});

test("a header value that cannot be sent fails every attempt, and says why without it", async () => {
  const runId = await world.start(key, [post("/hostile", { "X-Team": "\u560a private" })]);
  await world.until(runId, 0, ({ attempts }) => attempts === 1);
  const [attempt] = await world.server.app.store.webhooks.attempts(keyOf(runId));
  assert.equal(attempt?.error?.type, "type_error");
  assert.ok(!JSON.stringify(attempt).includes("private"));
  assert.equal(world.receiver.at("/hostile").length, 0);
});

test("headers that frame, steer or sign are ignored, in every spelling", async () => {
  const names = ["Host", "content-LENGTH", "Connection", "Keep-Alive", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding"];
  const headers = Object.fromEntries([...names, "Upgrade", "Expect", "Webhook-Id", "WEBHOOK-SIGNATURE"].map((name) => [name, "9"]));
  const runId = await world.start(key, [post("/ignored", { ...headers, "User-Agent": "mine", "Content-Type": "text/x-run" })]);
  await world.until(runId, 0, delivered);
  const [received] = world.receiver.at("/ignored");
  assert.ok(!received?.rawHeaders.includes("9"), JSON.stringify(received?.rawHeaders));
  assert.deepEqual([received?.headers["user-agent"], received?.headers["content-type"]], ["mine", "text/x-run"]);
});

test("a receiver that says again what its caller set leaves no trace of it in the log", async () => {
  world.receiver.answer("/says-again", (response, _nth, { headers }) =>
    response.setHeader("X-Got", String(headers["x-key"])).end(`you sent ${headers.authorization}`),
  );
  const headers = { Authorization: "Bearer caller-set-canary", "X-Key": "another-canary-1" };
  const runId = await world.start(key, [post("/says-again", headers)]);
  await world.until(runId, 0, delivered);
  const [attempt] = await world.server.app.store.webhooks.attempts(keyOf(runId));
  assert.deepEqual([attempt?.response?.body, attempt?.response?.headers["x-got"]], ["you sent Bearer ***", "***"]);
  assert.ok(!JSON.stringify(attempt).includes("canary"));
});
