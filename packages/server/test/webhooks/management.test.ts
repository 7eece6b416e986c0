import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { echo, slow } from "#testing/workflows";
import { WAITS_MS } from "#webhooks/schedule";
import { webhookId } from "#webhooks/webhook-id";
import { openWorld, type World } from "./harness.ts";

let world: World;
let key: string;
let slowKey: string;
let admin: string;

before(async () => {
  world = await openWorld();
  key = (await world.server.publish(echo)).key;
  slowKey = (await world.server.publish(slow)).key;
  admin = (await world.server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(() => world.close());

const call = (method: string, path: string, body?: object) =>
  world.server.call(method, `/api/v1/${path}`, { key: admin, ...(body && { body }) });
const post = (path: string, headers = {}) => ({ method: "POST", url: world.receiver.url(path), headers });

/** Lets a delivery fail for good. */
async function failAll(path: string): Promise<string> {
  const runId = await world.start(key, [post(path)]);
  for (let attempts = 1; attempts < WAITS_MS.length; attempts++) {
    const { dueAt } = await world.until(runId, 0, (row) => row.attempts === attempts);
    world.clock.moveTo(dueAt ?? 0);
  }
  await world.until(runId, 0, ({ state }) => state === "failed");
  return runId;
}

test("a delivery is listed, and read with its attempts; what the caller set is not shown", async () => {
  const runId = await world.start(key, [post("/listed", { Authorization: "Bearer secret" })]);
  await world.until(runId, 0, ({ state }) => state === "delivered");
  const listed = await call("GET", `webhooks/deliveries?run=${runId}&workflow=echo&state=delivered&since=0`);
  const [row] = listed.json["data"] as Record<string, unknown>[];
  assert.deepEqual([row?.["id"], row?.["state"], row?.["attemptCount"]], [webhookId(runId, 0), "delivered", 1]);
  const read = await call("GET", `webhooks/deliveries/${webhookId(runId, 0)}`);
  assert.equal(read.status, 200, read.text);
  const { attempts, ...header } = read.json;
  assert.deepEqual(header, row);
  const [told] = (await call("GET", `webhooks/deliveries?run=${runId}&attempts=true`)).json["data"] as JsonObject[];
  const [{ startedAt, durationMs }] = attempts as [JsonObject];
  assert.deepEqual(told, { ...row, lastAttempts: [{ number: 1, startedAt, durationMs, status: 200 }] });
  assert.deepEqual(
    (attempts as { number: number; response: { status: number; body: string } }[]).map(({ number, response }) => [
      number,
      response.status,
      response.body,
    ]),
    [[1, 200, "ok"]],
  );
  assert.ok(!read.text.includes("secret"));
});

test("pages of a list follow one another", async () => {
  const runId = await world.start(key, [post("/pages"), post("/pages"), post("/pages")]);
  const ids: unknown[] = [];
  for (let cursor: unknown = ""; cursor !== undefined; ) {
    const page = await call("GET", `webhooks/deliveries?run=${runId}&limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
    ids.push(...(page.json["data"] as { id: string }[]).map(({ id }) => id));
    cursor = page.json["nextCursor"];
  }
  assert.deepEqual(
    ids,
    [2, 1, 0].map((ordinal) => webhookId(runId, ordinal)),
  );
  assert.equal((await call("GET", "webhooks/deliveries?cursor=x")).status, 400);
});

test("L47 recovering sends again exactly what failed since then; a resend has the same id and body", async () => {
  world.receiver.answer("/recovers", (response, nth) => response.writeHead(nth < 20 ? 500 : 200).end());
  await failAll("/recovers");
  const between = world.clock.now() + 1;
  world.clock.moveTo(between);
  const runId = await failAll("/recovers");
  const recovered = await call("POST", "webhooks/recover", { since: between, workflow: "echo" });
  assert.deepEqual(recovered.json, { resent: 1 }, recovered.text);
  await world.until(runId, 0, ({ state }) => state === "delivered");
  const id = webhookId(runId, 0);
  const resent = await call("POST", `webhooks/deliveries/${id}/resend`);
  assert.deepEqual([resent.status, resent.json["state"], resent.json["nextAttemptAt"]], [200, "due", world.clock.now()], resent.text);
  const { attempts } = await world.until(runId, 0, (row) => row.state === "delivered" && row.attempts === 12);
  assert.equal(attempts, 12);
  const mine = world.receiver.at("/recovers").filter(({ headers }) => headers["webhook-id"] === id);
  assert.deepEqual([mine.length, new Set(mine.map(({ body }) => body)).size], [12, 1]);
});

test("what is unknown, not ended or disabled is not sent again, and says why", async () => {
  const unknown = webhookId("00000000-0000-7000-8000-000000000000", 0);
  for (const [method, path] of [
    ["GET", `webhooks/deliveries/${unknown}`],
    ["POST", `webhooks/deliveries/${unknown}/resend`],
    ["POST", "webhooks/deliveries/nonsense/resend"],
  ] as const)
    assert.deepEqual([(await call(method, path)).status, (await call(method, path)).json["message"]], [404, "No such delivery."]);
  const running = await world.start(slowKey, [post("/never")], { ms: 60_000 });
  const early = await call("POST", `webhooks/deliveries/${webhookId(running, 0)}/resend`);
  assert.deepEqual([early.status, early.json["type"]], [409, "/errors/conflict"], early.text);
  await world.server.app.runtime.cancel("default", running);
});

test("an endpoint that is gone is listed, and enabled again", async () => {
  world.receiver.answer("/gone", (response, nth) => response.writeHead(nth === 0 ? 410 : 200).end());
  // Newer than what went to this host before.
  world.clock.moveTo(world.clock.now() + 1);
  const runId = await world.start(key, [post("/gone?a=1")]);
  await world.until(runId, 0, ({ state }) => state === "disabled");
  const resend = () => call("POST", `webhooks/deliveries/${webhookId(runId, 0)}/resend`);
  assert.match((await resend()).text, /enable it first/);
  const [endpoint] = (await call("GET", "webhooks/disabled-endpoints")).json["data"] as { method: string; url: string }[];
  assert.deepEqual([endpoint?.method, endpoint?.url], ["POST", world.receiver.url("/gone")]);
  const { data, hosts } = (await call("GET", "webhooks/endpoints")).json as { data: JsonObject[]; hosts: JsonObject[] };
  const [host, ...others] = hosts;
  assert.deepEqual([host?.["host"], host?.["state"], others], [new URL(world.receiver.url("/")).host, "failing", []]);
  const sum = (figure: string) => data.reduce((all, one) => all + Number(one[figure]), 0);
  for (const figure of ["deliveries", "delivered", "failed"]) assert.equal(host?.[figure], sum(figure), figure);
  const { lastAt: _, p95Ms, ...gone } = data.find(({ url }) => url === endpoint?.url) ?? {};
  const { method, url } = endpoint ?? {};
  assert.ok(typeof p95Ms === "number");
  assert.deepEqual(
    { ...gone, workflowId: "", disabledAt: 0 },
    { workflowId: "", workflowName: "echo", method, url, state: "disabled", disabledAt: 0, deliveries: 1, delivered: 0, failed: 1 },
  );
  const enable = () => call("POST", "webhooks/disabled-endpoints/enable", { workflow: "echo", method: "POST", url: endpoint?.url });
  assert.deepEqual([(await enable()).status, (await enable()).status], [204, 404]);
  assert.equal((await resend()).status, 200);
  await world.until(runId, 0, ({ state }) => state === "delivered");
});

test("W23 both secrets sign for a day after a rotation, then the new one alone", async () => {
  const first = await call("GET", "workflows/echo/webhook-secret");
  assert.match(String(first.json["secret"]), /^whsec_[A-Za-z0-9+/]{43}=$/, first.text);
  assert.equal((await call("GET", "workflows/echo/webhook-secret")).text, first.text);
  const rotated = await call("POST", "workflows/echo/webhook-secret/rotate");
  assert.notEqual(rotated.json["secret"], first.json["secret"]);
  assert.equal(rotated.json["previousUntil"], world.clock.now() + 86_400_000);
  const signatureCount = async () => {
    const runId = await world.start(key, [post("/signed")]);
    await world.until(runId, 0, ({ state }) => state === "delivered");
    return String(world.receiver.at("/signed").at(-1)?.headers["webhook-signature"]).split(" ").length;
  };
  assert.equal(await signatureCount(), 2);
  world.clock.moveTo(world.clock.now() + 86_400_000);
  assert.equal(await signatureCount(), 1);
  assert.equal((await call("GET", "workflows/nowhere/webhook-secret")).status, 404);
});

test("a test event is signed, sent once, and leaves no trace", async () => {
  const before = (await call("GET", "webhooks/deliveries")).text;
  const good = await call("POST", "workflows/echo/webhook-test", { url: world.receiver.url("/test") });
  assert.equal(good.json["delivered"], true, good.text);
  const [received] = world.receiver.at("/test");
  assert.match(String(received?.headers["webhook-id"]), /^msg_test_/);
  assert.equal(JSON.parse(received?.body ?? "").workflowName, "echo");
  world.receiver.answer("/test-fails", (response) => response.writeHead(500).end());
  const bad = await call("POST", "workflows/echo/webhook-test", { url: world.receiver.url("/test-fails"), method: "GET" });
  assert.equal(bad.json["delivered"], false);
  assert.equal((await call("GET", "webhooks/deliveries")).text, before);
  for (const url of ["http://127.0.0.1:1/", "ftp://example.com", "http://user@example.com/"])
    assert.equal((await call("POST", "workflows/echo/webhook-test", { url })).status, 400, url);
});

test("who listens is shown what goes out, without what the caller set for its receiver; and does not hold up a server that stops", {
  timeout: 30_000,
}, async () => {
  const own = await openWorld();
  const { key: echoKey } = await own.server.publish(echo);
  const { key: ownAdmin } = await own.server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const answer = await fetch(`http://127.0.0.1:${own.server.port}/api/v1/webhooks/listen`, {
    headers: { Authorization: `Bearer ${ownAdmin}` },
  });
  assert.equal(answer.headers.get("content-type"), "text/event-stream");
  const text = answer.text();
  const headers = { Authorization: "Bearer secret", "Content-Type": "application/vnd.run+json" };
  const runId = await own.start(echoKey, [
    { method: "POST", url: own.receiver.url("/overheard?a=1"), headers },
    { method: "GET", url: own.receiver.url("/overheard") },
  ]);
  for (const ordinal of [0, 1]) await own.until(runId, ordinal, ({ state }) => state === "delivered");
  await own.close();
  const events = [...(await text).matchAll(/^event: delivery\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
  const [posted, got] = events.toSorted((left, right) => left.id.localeCompare(right.id));
  const [received] = own.receiver.received.filter(({ method }) => method === "POST");
  assert.deepEqual(
    [posted.id, posted.runId, posted.status, posted.url],
    [webhookId(runId, 0), runId, "SUCCEED", own.receiver.url("/overheard?a=1")],
  );
  assert.equal(posted.body, received?.body);
  assert.equal(posted.headers["Content-Type"], "application/vnd.run+json");
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) assert.equal(posted.headers[name], received?.headers[name]);
  assert.ok(!(await text).includes("secret"));
  assert.match(got.query, new RegExp(`^workflowRunId=${runId}&workflowId=.*&status=SUCCEED$`));
  assert.equal(got.body, undefined);
});

test("a test event without a URL is for those who listen; without them it is not delivered", async () => {
  const { json } = await call("POST", "workflows/echo/webhook-test", {});
  assert.deepEqual(json, { delivered: false, listeners: 0 });
  assert.equal((await call("POST", "workflows/echo/webhook-test", { method: "GET" })).status, 400);
});

test("without the scope admin nothing of this is to be had", async () => {
  for (const path of ["webhooks/deliveries", "webhooks/listen", "webhooks/disabled-endpoints", "workflows/echo/webhook-secret"])
    assert.equal((await world.server.call("GET", `/api/v1/${path}`, { key })).status, 403);
});
