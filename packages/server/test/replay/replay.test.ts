import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Effects, startEffects } from "#testing/effects";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

// POST /api/v1/runs/{run}/replay: what runs again is what the receiver of the effects sees.

let server: TestServer;
let effects: Effects;
let admin: string;

before(async () => {
  effects = await startEffects();
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${effects.port}` } });
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(async () => {
  await server.close();
  effects.close();
});

const replay = (runId: string, body: object) => server.call("POST", `/api/v1/runs/${runId}/replay`, { key: admin, body });
const preview = (runId: string, body: object) => server.call("POST", `/api/v1/runs/${runId}/replay-preview`, { key: admin, body });

/** A run in which these nodes were broken; they are mended by now. */
async function ranWith(key: string, broken: readonly string[], input: object = { who: "Ada" }): Promise<string> {
  effects.broken = new Set(broken);
  const { json, text } = await server.invoke(key, { userId: "u-1", input });
  assert.equal(json["status"], broken.length > 0 ? "FAILED" : "SUCCEED", text);
  effects.broken = new Set();
  effects.called = [];
  return String(json["workflowRunId"]);
}

/** The end of the run that a replay began, and what it called. */
async function ended(key: string, accepted: { status: number; json: JsonObject; text: string }) {
  assert.equal(accepted.status, 200, accepted.text);
  const runId = String(accepted.json["workflowRunId"]);
  await server.call("GET", `/v1/workflow/run/${runId}/events`, { key });
  return { runId, run: (await server.query(key, runId)).json, called: effects.called };
}

const three = (name: string, more: JsonObject = {}) =>
  effects.flow(name, [effects.node("one"), effects.node("two", more), effects.node("three")], { last: "{{ three.body.from }}" });

const namesOf = (rows: unknown) => (rows as { nodeId: string }[]).map(({ nodeId }) => nodeId);

test("from a node on, it and what follows run again, in a run that succeeded too; its list says what began it", async () => {
  const { key } = await server.publish(three("nodes"));
  const source = await ranWith(key, []);
  const { json: told } = await preview(source, { node: "two" });
  assert.deepEqual(told["reused"], [
    { nodeId: "start", nodeName: "start", nodeType: "start", results: 1 },
    { nodeId: "one", nodeName: "one", nodeType: "http", results: 1 },
  ]);
  assert.deepEqual(told["again"], [
    { nodeId: "two", nodeName: "two", nodeType: "http", effect: true },
    { nodeId: "three", nodeName: "three", nodeType: "http", effect: true },
    { nodeId: "end", nodeName: "end", nodeType: "end", effect: false },
  ]);
  assert.deepEqual(effects.called, [], "a preview starts nothing");
  const { runId, run, called } = await ended(key, await replay(source, { node: "two" }));
  assert.deepEqual([run["status"], run["totalCost"], called], ["SUCCEED", 0, ["two", "three"]]);
  const { json: list } = await server.call("GET", `/api/v1/runs?starter=${source}&trigger=retry`, { key: admin });
  const [row, ...others] = list["data"] as JsonObject[];
  assert.deepEqual([row?.["id"], row?.["trigger"], row?.["starterId"], others.length], [runId, "retry", source, 0]);
  const { json: first } = await server.call("GET", `/api/v1/runs/${source}`, { key: admin });
  assert.deepEqual([first["trigger"], first["starterId"]], ["api", undefined]);
});

test("a failed run goes on in the version that mended it: what is before the change is reused, the rest runs again", async () => {
  const { key } = await server.publish(three("mended"));
  const source = await ranWith(key, ["two"]);
  await server.publish(three("mended", { timeoutMs: 9_000 }));
  const { json: told } = await preview(source, { version: "live" });
  assert.deepEqual(
    [told["version"], namesOf(told["reused"]), namesOf(told["again"])],
    ["1.0.1", ["start", "one"], ["two", "three", "end"]],
  );
  const { run, called } = await ended(key, await replay(source, { version: "live" }));
  assert.deepEqual([run["workflowVersion"], run["output"], called], ["1.0.1", { last: "three" }, ["two", "three"]]);
});

test("a change before the failure runs again with all that follows; a change after it costs nothing", async () => {
  const { key } = await server.publish(three("upstream"));
  const source = await ranWith(key, ["three"]);
  await server.publish(
    effects.flow("upstream", [effects.node("one", { timeoutMs: 9_000 }), effects.node("two"), effects.node("three")], {}),
  );
  assert.deepEqual((await ended(key, await replay(source, { version: "live" }))).called, ["one", "two", "three"]);
  effects.called = [];
  await server.publish(three("upstream", { name: "Two", note: "a name changes no result" }));
  assert.deepEqual((await ended(key, await replay(source, { version: "live" }))).called, ["three"]);
  effects.called = [];
  assert.deepEqual((await ended(key, await replay(source, { version: "1.0.1" }))).run["workflowVersion"], "1.0.1");
});

test("items of a batch keep the results of the nodes that are as they were", async () => {
  const each = (more: JsonObject = {}) => ({
    id: "each",
    type: "batch",
    items: [0, 1, 2],
    concurrency: 1,
    body: { nodes: [effects.node("a"), effects.node("b", more)], edges: ["a -> b"] },
    collect: "{{ b.body.from }}",
  });
  const { key } = await server.publish(effects.flow("batch", [each()], { all: "{{ each.items }}" }));
  const source = await ranWith(key, ["each[1]/b"]);
  await server.publish(effects.flow("batch", [each({ timeoutMs: 9_000 })], { all: "{{ each.items }}" }));
  const { json: told } = await preview(source, { version: "live" });
  assert.deepEqual(namesOf(told["reused"]), ["start", "a"]);
  const { run, called } = await ended(key, await replay(source, { version: "live" }));
  assert.deepEqual(run["output"], { all: ["each[0]/b", "each[1]/b", "each[2]/b"] });
  // One item is open at a time: the second opens only after the first, whose second node runs again.
  assert.deepEqual(called, ["each[0]/b", "each[1]/a", "each[1]/b", "each[2]/a", "each[2]/b"]);
});

test("the draft is run as it is at that moment, and stays so for its run", async () => {
  const { id, key } = await server.publish(three("drafted"));
  const source = await ranWith(key, ["two"]);
  const draft = three("drafted", { note: "draft" });
  assert.equal((await server.call("PUT", `/api/v1/workflows/${id}/draft`, { key: admin, body: { document: draft } })).status, 200);
  const { json: told } = await preview(source, { version: "draft" });
  assert.deepEqual([told["version"], namesOf(told["again"])], ["draft", ["two", "three", "end"]]);
  const { run, called } = await ended(key, await replay(source, { version: "draft" }));
  assert.match(String(run["workflowVersion"]), /^draft-[0-9a-f]{16}$/);
  assert.deepEqual([run["status"], called], ["SUCCEED", ["two", "three"]]);
  const version = `/api/v1/workflows/${id}/versions/${String(run["workflowVersion"])}`;
  assert.deepEqual((await server.call("GET", version, { key: admin })).json["document"], draft);
  const listed = (await server.call("GET", `/api/v1/workflows/${id}/versions`, { key: admin })).json["data"] as JsonObject[];
  assert.deepEqual(
    listed.map((row) => row["version"]),
    ["1.0.0"],
  );
  const broken = { ...draft, edges: ["start -> nowhere"] };
  await server.call("PUT", `/api/v1/workflows/${id}/draft`, { key: admin, body: { document: broken } });
  assert.equal((await replay(source, { version: "draft" })).json["type"], "/errors/invalid_flow");
});

test("a draft is invoked by whoever has the scope", async () => {
  const say = (text: string) => document("said", [start({}), { id: "end", type: "end", text }], ["start -> end"]);
  const { id, key } = await server.publish(say("live"), ["invoke", "draft"]);
  await server.call("PUT", `/api/v1/workflows/${id}/draft`, { key: admin, body: { document: say("draft") } });
  const drafted = await server.invoke(key, { input: {} }, { "Millrace-Version": "draft" });
  assert.deepEqual(drafted.json["output"], { output: "draft" }, drafted.text);
  assert.deepEqual((await server.invoke(key, { input: {} })).json["output"], { output: "live" });
  const { key: narrow } = await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [id], scopes: ["invoke"] });
  const refused = await server.invoke(narrow, { input: {} }, { "Millrace-Version": "draft" });
  assert.deepEqual([refused.status, refused.json["code"]], [403, 20055]);
});

test("from the start everything runs again, with another input where one is given", async () => {
  const { key } = await server.publish(three("edited"));
  const source = await ranWith(key, [], { who: "Ada" });
  const { run, called } = await ended(key, await replay(source, { from: "start", input: { who: "Bob" } }));
  assert.deepEqual([run["input"], called], [{ who: "Bob" }, ["one", "two", "three"]]);
  const wrong = await replay(source, { from: "start", input: { who: 1 } });
  assert.deepEqual([wrong.status, (wrong.json["errors"] as JsonObject[])[0]?.["path"]], [400, "/input/who"]);
});

test("what cannot be replayed is refused with the reason, and starts nothing", async () => {
  const { key } = await server.publish(three("refused"));
  const failed = await ranWith(key, ["two"]);
  const done = await ranWith(key, []);
  for (const [runId, body, status, says] of [
    [done, {}, 409, /Only a failed run/],
    [failed, { node: "three" }, 409, /three did not run/],
    [failed, { node: "none" }, 400, /has no node/],
    [failed, { node: "two", input: {} }, 400, /from the start/],
    [failed, { version: "9.9.9" }, 400, /No such version/],
    [failed, { from: "middle" }, 400, /from/],
    [failed, { more: 1 }, 400, /more/],
    ["01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", {}, 404, /No such run/],
  ] as const) {
    for (const ask of [replay, preview]) {
      const refused = await ask(runId, body);
      assert.equal(refused.status, status, refused.text);
      assert.match(refused.text, says);
    }
  }
  assert.deepEqual(effects.called, []);
});
