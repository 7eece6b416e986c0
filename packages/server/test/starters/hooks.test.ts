import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { Webhook } from "standardwebhooks";
import { inData } from "#testing/kept-data";
import { document, echo, start } from "#testing/workflows";
import { openWorld, type World } from "./harness.ts";

const START = Date.UTC(2026, 5, 1);
const HOUR_MS = 3_600_000;

const typed = document(
  "typed",
  [
    start({ ref: { type: "string" }, count: { type: "integer" }, event: { type: "string" } }, ["ref"]),
    { id: "end", type: "end", output: { ref: "{{ start.ref }}", count: "{{ start.count }}", event: "{{ start.event }}" } },
  ],
  ["start -> end"],
);

describe("hooks", () => {
  let world: World;
  let key: string;
  before(async () => {
    world = await openWorld(START);
    key = (await world.server.publish(echo)).key;
    await world.server.publish(typed);
  });
  after(() => world.close());

  interface Made {
    readonly id: string;
    readonly path: string;
    readonly json: JsonObject;
  }

  const create = async (more: object = {}): Promise<Made> => {
    const made = await world.manage("POST", "/hooks", { workflow: "echo", ...more });
    assert.equal(made.status, 201, made.text);
    return { id: String(made.json["id"]), path: new URL(String(made.json["url"])).pathname, json: made.json };
  };
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    world.server.call(method, path, { ...(body !== undefined && { body }), headers });
  /** The run, once it has ended. */
  const outputOf = async (runId: unknown) => {
    await world.server.call("GET", `/v1/workflow/run/${String(runId)}/events`, { key });
    return (await world.manage("GET", `/runs/${String(runId)}`)).json;
  };

  test("a POST starts a run with the members of its body; 202 names the run, and the list of runs says what began it", async () => {
    const { id, path, json } = await create({ name: "plain" });
    assert.match(path, /^\/hooks\/mrh_[A-Za-z0-9_-]{40}$/);
    const accepted = await send("POST", path, { value: [1, null] });
    assert.equal(accepted.status, 202, accepted.text);
    assert.deepEqual(Object.keys(accepted.json), ["workflowId", "workflowName", "workflowVersion", "workflowRunId", "status"]);
    const run = await outputOf(accepted.json["workflowRunId"]);
    assert.deepEqual([run["output"], run["trigger"], run["starterId"]], [{ value: [1, null] }, "webhook", id]);
    const token = path.split("/").at(-1) ?? "";
    assert.ok(!JSON.stringify((await world.manage("GET", `/hooks/${id}`)).json).includes(token), "it is shown once");
    assert.equal(json["tokenHint"], `${token.slice(0, 6)}…${token.slice(-4)}`);
  });

  test("a mapping reads body, query, method and the headers that the hook names, and no others", async () => {
    const input = {
      ref: "{{ body.head.ref }}",
      count: "{{ Number(query.n) }}",
      event: "{{ method }} {{ headers['x-event'] }} {{ headers.authorization }}",
    };
    const { path } = await create({ workflow: "typed", input, headers: ["X-Event"], methods: ["PUT"], respond: "result" });
    const ended = await send("PUT", `${path}?n=7`, { head: { ref: "main" } }, { "X-Event": "push", Authorization: "Bearer x" });
    assert.equal(ended.status, 200, ended.text);
    assert.deepEqual(ended.json["output"], { ref: "main", count: 7, event: "PUT push " });
    const refused = await send("POST", path, {});
    assert.deepEqual([refused.status, refused.headers["allow"]], [405, "PUT"]);
    const misfit = await send("PUT", path, { head: { ref: 5 } });
    assert.deepEqual([misfit.status, (misfit.json["errors"] as JsonObject[])[0]?.["path"]], [400, "/input/ref"]);
  });

  test("a GET gives its query, a form its fields, other bodies need a mapping; what is no JSON is refused", async () => {
    const { path } = await create({ methods: ["GET", "POST"], respond: "result" });
    assert.deepEqual((await send("GET", `${path}?value=a%20b`)).json["output"], { value: "a b" });
    const form = await send("POST", path, "value=1&other=2", { "Content-Type": "application/x-www-form-urlencoded" });
    assert.deepEqual(form.json["output"], { value: "1" }, form.text);
    for (const [body, type] of [
      ["[1]", "application/json"],
      ["words", "text/plain"],
      ["{", "application/json"],
    ] as const) {
      const refused = await send("POST", path, body, { "Content-Type": type });
      assert.equal(refused.status, 400, refused.text);
    }
    const { path: texts } = await create({ input: { value: "{{ body }}" }, respond: "result" });
    assert.deepEqual((await send("POST", texts, "words", { "Content-Type": "text/plain" })).json["output"], { value: "words" });
  });

  test("unknown, switched off, deleted: all the same 404", async () => {
    const { id, path } = await create();
    const unknown = await send("POST", "/hooks/mrh_0000000000000000000000000000000000000000", {});
    const bodyOf = ({ text, json }: { text: string; json: JsonObject }, at: string) =>
      text.replaceAll(String(json["requestId"]), "ID").replaceAll(at, "PATH");
    assert.deepEqual([unknown.status, unknown.json["message"]], [404, "No such hook."]);
    await world.manage("PATCH", `/hooks/${id}`, { enabled: false });
    const off = await send("POST", path, {});
    assert.equal(bodyOf(off, path), bodyOf(unknown, "/hooks/mrh_0000000000000000000000000000000000000000"));
    await world.manage("PATCH", `/hooks/${id}`, { enabled: true });
    assert.equal((await send("POST", path, {})).status, 202);
    await world.manage("DELETE", `/hooks/${id}`);
    assert.equal((await send("POST", path, {})).status, 404);
  });

  test("after a rotation both tokens work until the overlap is over, and then the new one alone", async () => {
    const { id, path } = await create();
    const rotated = await world.manage("POST", `/hooks/${id}/rotate`, { overlapHours: 2 });
    const next = new URL(String(rotated.json["url"])).pathname;
    assert.notEqual(next, path);
    assert.equal(rotated.json["previousUntil"], world.clock.now() + 2 * HOUR_MS);
    for (const each of [path, next]) assert.equal((await send("POST", each, {})).status, 202);
    world.clock.moveTo(world.clock.now() + 2 * HOUR_MS);
    assert.deepEqual([(await send("POST", path, {})).status, (await send("POST", next, {})).status], [404, 202]);
    const again = await world.manage("POST", `/hooks/${id}/rotate`, { overlapHours: 0 });
    assert.deepEqual([again.json["previousUntil"], (await send("POST", next, {})).status], [undefined, 404]);
  });

  test("a signature is checked before anything starts; the secret is shown once, or is the sender's own", async () => {
    const { id, path, json } = await create({ verification: { kind: "github" } });
    const secret = String(json["secret"]);
    const body = JSON.stringify({ value: 1 });
    const sign = (key: string) => ({ "X-Hub-Signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}` });
    assert.equal((await send("POST", path, body, sign(secret))).status, 202);
    for (const headers of [{}, sign("another"), { "X-Hub-Signature-256": "sha256=" }]) {
      const refused = await send("POST", path, body, headers);
      assert.deepEqual([refused.status, refused.json["code"]], [401, 40127], refused.text);
    }
    assert.equal((await send("POST", path, "{", {})).status, 401, "what is not signed is not even read");
    assert.equal((await world.runsOf(id)).length, 1);
    assert.ok(!(await world.manage("GET", `/hooks/${id}`)).text.includes(secret));
    const own = await world.manage("PATCH", `/hooks/${id}`, {
      verification: { kind: "hmac", header: "X-Sum", secret: "a secret of my own" },
    });
    assert.deepEqual([own.json["secret"], own.json["verification"]], [undefined, { kind: "hmac", header: "x-sum" }]);
    const sum = createHmac("sha256", "a secret of my own").update(body).digest("base64");
    assert.deepEqual(
      [(await send("POST", path, body, { "X-Sum": sum })).status, (await send("POST", path, body, sign(secret))).status],
      [202, 401],
    );
  });

  test("one delivery that is sent again is one run; the same name with another body is refused", async () => {
    const { id, path, json } = await create({ verification: { kind: "standard" } });
    const deliver = (body: string) => {
      const at = new Date(world.clock.now());
      const signature = new Webhook(String(json["secret"])).sign("msg_1", at, body);
      const stamp = String(Math.floor(at.getTime() / 1_000));
      return send("POST", path, body, { "webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature });
    };
    const first = await deliver('{"value":1}');
    const again = await deliver('{"value":1}');
    assert.deepEqual(
      [again.status, again.json["workflowRunId"], again.headers["idempotent-replayed"]],
      [202, first.json["workflowRunId"], "true"],
    );
    assert.equal((await deliver('{"value":2}')).status, 422);
    assert.equal((await world.runsOf(id)).length, 1);
  });

  test("size and rate are limited, at the limit it is let through", async () => {
    const { path } = await create({ maxBodyBytes: 20, rateLimit: { requests: 3, windowS: 3_600 } });
    assert.equal((await send("POST", path, JSON.stringify({ value: "1234567" }).padEnd(20))).status, 202);
    assert.equal((await send("POST", path, JSON.stringify({ value: "1234567" }).padEnd(21))).status, 413);
    assert.equal((await send("POST", path, {})).status, 202);
    const refused = await send("POST", path, {});
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers["retry-after"]) >= 1);
  });

  test("what cannot be set up is refused by its name", async () => {
    for (const [body, status, says] of [
      [{ workflow: "nobodys" }, 404, /No such workflow/],
      [{ workflow: "echo", version: "9.9.9" }, 400, /No such version/],
      [{ workflow: "echo", input: { a: { b: "{{ bdy.x }}" } } }, 400, /\/input\/a\/b/],
      [{ workflow: "echo", methods: ["DELETE"] }, 400, /\/methods/],
      [{ workflow: "echo", verification: { kind: "hmac", secret: "short" } }, 400, /\/verification\/secret/],
      [{ workflow: "echo", token: "mine" }, 400, /token/],
    ] as const) {
      const refused = await world.manage("POST", "/hooks", body);
      assert.equal(refused.status, status, refused.text);
      assert.match(refused.text, says);
    }
    assert.equal((await world.manage("PATCH", "/hooks/0123456789abcdef01234567", { enabled: true })).status, 404);
  });
});

test("a hook that lost its secret lets nobody in, and the store holds neither token nor secret", async (t) => {
  const world = await openWorld(START);
  t.after(() => world.close());
  await world.server.publish(echo);
  const made = await world.manage("POST", "/hooks", { workflow: "echo", verification: { kind: "hmac" } });
  const { pathname } = new URL(String(made.json["url"]));
  const secret = String(made.json["secret"]);
  const sign = (key: string) => ({ "X-Signature": createHmac("sha256", key).update("{}").digest("hex") });
  const deliver = (headers: Record<string, string>) => world.server.call("POST", pathname, { body: "{}", headers });
  assert.equal((await deliver(sign(secret))).status, 202);
  await world.reopen(async () => {
    const stored = JSON.stringify(await inData(world.dataDir, "SELECT * FROM hooks"));
    assert.ok(!stored.includes(secret) && !stored.includes(pathname.split("/").at(-1) ?? ""), stored);
    await inData(world.dataDir, "UPDATE hooks SET secret = NULL");
  });
  for (const headers of [{}, sign(""), sign(secret), sign("null")]) assert.ok((await deliver(headers)).status >= 400);
  assert.equal((await world.runsOf(String(made.json["id"]))).length, 1);
});
