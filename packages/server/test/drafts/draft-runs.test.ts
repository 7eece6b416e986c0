import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Effects, startEffects } from "#testing/effects";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

// POST /api/v1/workflows/{workflow}/draft/runs: what really runs is what the receiver of the effects sees.

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

const call = (method: string, path: string, body?: object) => server.call(method, path, { key: admin, ...(body && { body }) });

async function made(draft: JsonObject): Promise<string> {
  const { json, status, text } = await call("POST", "/api/v1/workflows", { document: draft });
  assert.equal(status, 201, text);
  return `/api/v1/workflows/${String(json["id"])}`;
}

interface Trace {
  readonly nodeId: string;
  readonly status: string;
  readonly attempts: number;
  readonly output?: JsonObject;
  readonly pinned?: true;
  readonly reused?: true;
}

interface Ended {
  readonly id: string;
  readonly run: JsonObject;
  readonly nodes: readonly Trace[];
  /** Nodes whose requests arrived. */
  readonly called: readonly string[];
}

/** Runs, and follows to the end. */
async function run(path: string, body: object): Promise<Ended> {
  effects.called = [];
  const accepted = await call("POST", `${path}/draft/runs`, body);
  assert.equal(accepted.status, 200, accepted.text);
  const id = String(accepted.json["workflowRunId"]);
  await server.call("GET", `/v1/workflow/run/${id}/events`, { key: admin, headers: { "Millrace-Workflow": path.split("/").at(-1) ?? "" } });
  const { json } = await call("GET", `/api/v1/runs/${id}`);
  return { id, run: json, nodes: json["nodes"] as unknown as Trace[], called: effects.called };
}

const ids = (nodes: readonly Trace[]) => nodes.filter(({ status }) => status === "SUCCEED").map(({ nodeId }) => nodeId);
const nodeOf = ({ nodes }: Ended, id: string) => nodes.find(({ nodeId }) => nodeId === id);
const three = (name: string): JsonObject =>
  effects.flow(name, [effects.node("one"), effects.node("two"), effects.node("three")], { last: "{{ three.body.from }}" });

test("the draft runs as a run of its own kind, and is not published by it", async () => {
  const path = await made(three("whole"));
  const { run: ended, called, id } = await run(path, { input: { who: "Ada" }, userId: "u-1" });
  assert.deepEqual([ended["status"], ended["trigger"], ended["userId"], called], ["SUCCEED", "draft", "u-1", ["one", "two", "three"]]);
  assert.match(String(ended["version"]), /^draft-[0-9a-f]{16}$/);
  const listed = async (trigger: string) =>
    ((await call("GET", `/api/v1/runs?trigger=${trigger}`)).json["data"] as { id: string }[]).map((row) => row.id);
  assert.deepEqual([(await listed("draft")).includes(id), (await listed("manual")).includes(id)], [true, false]);
  const { json } = await call("GET", path);
  assert.equal(json["liveVersion"], undefined);
});

test("a pinned node gives what is pinned and never runs; another run of the same draft does", async () => {
  const path = await made(three("held"));
  const pinned = await run(path, {
    pins: { two: { output: { status: 200, body: { from: "pin" } } }, three: { output: { body: { from: "pinned" } } } },
  });
  assert.deepEqual([pinned.run["output"], pinned.called], [{ last: "pinned" }, ["one"]]);
  assert.deepEqual([nodeOf(pinned, "two")?.pinned, nodeOf(pinned, "two")?.attempts, nodeOf(pinned, "one")?.pinned], [true, 0, undefined]);
  assert.deepEqual((await run(path, {})).run["output"], { last: "three" });
  const published = await call("POST", `${path}/publish`);
  const version = await call("GET", `${path}/versions/${String(published.json["version"])}`);
  assert.ok(!version.text.includes("pin"), version.text);
});

test("up to a node nothing behind it runs, faults behind it do not matter, and its result is shown", async () => {
  const draft = three("upto");
  const nodes = (draft["nodes"] as JsonObject[]).map((node) =>
    node["id"] === "three" ? { ...node, request: { url: "{{ nobody }}" } } : node,
  );
  const path = await made({ ...draft, nodes });
  assert.equal((await call("POST", `${path}/draft/runs`, {})).status, 400);
  const ended = await run(path, { target: { node: "two", mode: "upTo" } });
  assert.deepEqual([ended.run["status"], ended.called], ["SUCCEED", ["one", "two"]]);
  assert.deepEqual(ids(ended.nodes), ["start", "one", "two", "draft_result"]);
  const again = await run(path, { target: { node: "two", mode: "upTo" }, baseRun: ended.id });
  assert.deepEqual([again.called, nodeOf(again, "one")?.reused], [["two"], true]);
});

test("one node alone runs on pinned or recorded values; nothing else does", async () => {
  const path = await made(
    document(
      "only",
      [
        start({ who: { type: "string" } }, ["who"]),
        effects.node("fetch"),
        { id: "greet", type: "template", text: "{{ start.who }} of {{ fetch.body.from }}" },
        effects.node("after"),
        { id: "end", type: "end", text: "{{ greet.text }}" },
      ],
      ["start -> fetch", "fetch -> greet", "greet -> after", "after -> end"],
    ),
  );
  const target = { node: "greet", mode: "only" };
  const refused = await call("POST", `${path}/draft/runs`, { target, input: { who: "Ada" } });
  assert.deepEqual([refused.status, (refused.json["errors"] as { path: string }[]).map((one) => one.path)], [400, ["/pins/fetch"]]);
  const alone = await run(path, { target, input: { who: "Ada" }, pins: { fetch: { output: { body: { from: "a form" } } } } });
  assert.deepEqual([nodeOf(alone, "greet")?.output, alone.called], [{ text: "Ada of a form" }, []]);
  const pinnedStart = await run(path, { target, pins: { start: { output: { who: "Eve" } }, fetch: { output: { body: { from: "x" } } } } });
  assert.deepEqual(nodeOf(pinnedStart, "greet")?.output, { text: "Eve of x" });
  const whole = await run(path, { input: { who: "Ben" } });
  const recorded = await run(path, { target, baseRun: whole.id });
  assert.deepEqual(
    [nodeOf(recorded, "greet")?.output, recorded.called, recorded.run["starterId"]],
    [{ text: "Ben of fetch" }, [], whole.id],
  );
});

test("a node in a loop runs alone on one item, which is pinned or recorded", async () => {
  const body = {
    nodes: [
      { id: "upper", type: "template", text: "{{ item }}!" },
      { id: "line", type: "template", text: "{{ index }} {{ item }} {{ upper.text }} {{ loop.total }}" },
      { id: "next", type: "next", output: "{{ line.text }}" },
    ],
    edges: ["upper -> line", "line -> next"],
  };
  const loop = { id: "each", type: "loop", items: "{{ start.names }}", variables: { total: { type: "integer", value: 7 } }, body };
  const path = await made(
    document(
      "inner",
      [start({ names: { type: "array" } }), loop, { id: "end", type: "end", output: { lines: "{{ each.items }}" } }],
      ["start -> each", "each -> end"],
    ),
  );
  const target = { node: "line", mode: "only" };
  const pins = { each: { output: { item: "Ada {{ start }}", total: 1 } }, upper: { output: { text: "ADA" } } };
  assert.deepEqual(nodeOf(await run(path, { target, pins }), "line")?.output, { text: "0 Ada {{ start }} ADA 1" });
  const whole = await run(path, { input: { names: ["x", "y"] } });
  assert.deepEqual(whole.run["output"], { lines: ["0 x x! 7", "1 y y! 7"] });
  assert.deepEqual(nodeOf(await run(path, { target, baseRun: whole.id }), "line")?.output, { text: "0 x y! 7" });
  const before = await run(path, { target: { node: "upper", mode: "upTo" }, input: { names: ["x"] } });
  assert.deepEqual(ids(before.nodes), ["start", "each", "upper", "draft_result"]);
});

test("from a node on, the base run's results are reused; an edited one is taken, and only what reads it runs again", async () => {
  const path = await made(
    document(
      "from",
      [
        start({}),
        effects.node("one"),
        effects.node("beside"),
        effects.node("reader", { request: { method: "POST", url: `http://127.0.0.1:${effects.port}/`, body: { json: "{{ one.body }}" } } }),
        effects.node("last"),
        { id: "end", type: "end", output: { one: "{{ one.body.from }}", last: "{{ last.body.from }}" } },
      ],
      ["start -> one", "one -> beside", "beside -> reader", "reader -> last", "last -> end"],
    ),
  );
  const base = await run(path, {});
  const from = await run(path, { baseRun: base.id, target: { node: "reader", mode: "from" } });
  assert.deepEqual([from.called, from.run["output"]], [["reader", "last"], { one: "one", last: "last" }]);
  const edited = await run(path, {
    baseRun: base.id,
    target: { node: "one", mode: "from" },
    pins: { one: { output: { body: { from: "edited" } } } },
  });
  assert.deepEqual([edited.called, edited.run["output"]], [["reader"], { one: "edited", last: "last" }]);
  const { status } = await call("POST", `${path}/draft/runs`, { target: { node: "one", mode: "from" } });
  assert.equal(status, 400);
});

test("a node that is made to fail once is tried again, whether it has a retry or none", async () => {
  const path = await made(three("broken"));
  const { run: ended, nodes, called } = await run(path, { failOnce: "two" });
  assert.deepEqual([ended["status"], called], ["SUCCEED", ["one", "two", "three"]]);
  assert.equal(nodes.find(({ nodeId }) => nodeId === "two")?.attempts, 2);
  const { json } = await call("GET", `/api/v1/runs/${String(ended["id"])}/journal?limit=100`);
  const failures = (json["data"] as { type: string; error?: { type: string } }[]).filter(({ type }) => type === "node-failed");
  assert.deepEqual(
    failures.map(({ error }) => error?.type),
    ["made_to_fail"],
  );
  const pure = await run(path, { failOnce: "end" });
  assert.equal(pure.run["status"], "SUCCEED");
});

test("a run that is to die during a node is taken over from its journal: what was done is not done again, what was lost is", async () => {
  const path = await made(three("dying"));
  const { run: ended, called, id } = await run(path, { crashOnce: "two" });
  // The stream of events ends with the life that was lost: the run is read until it is over.
  assert.equal(ended["status"] === "SUCCEED" || ended["status"] === "RUNNING", true);
  await server.call("GET", `/v1/workflow/run/${id}/events`, { key: admin, headers: { "Millrace-Workflow": path.split("/").at(-1) ?? "" } });
  const { json } = await call("GET", `/api/v1/runs/${id}`);
  assert.deepEqual([json["status"], json["output"]], ["SUCCEED", { last: "three" }]);
  assert.deepEqual(called.filter((node) => node === "one").length, 1);
  const nodes = json["nodes"] as unknown as (Trace & { attemptList?: { attempt: number; lost?: true }[] })[];
  const tries = (node: string) =>
    nodes.find(({ nodeId }) => nodeId === node)?.attemptList?.map(({ attempt, lost = false }) => [attempt, lost]);
  // A Restate server has the attempt that was under way carried out again.
  const expected = [
    [1, true],
    [drivesItself ? 2 : 1, false],
  ];
  assert.deepEqual([tries("one"), tries("two"), tries("three")], [[[1, false]], expected, [[1, false]]]);
});

test("what cannot be is refused by the member that is to be changed", async () => {
  const path = await made(three("refused"));
  const other = await run(await made(three("other")), {});
  const cases: readonly (readonly [body: object, status: number, at?: string])[] = [
    [{ target: { node: "nobody", mode: "only" } }, 400, "/target/node"],
    [{ target: { node: "one", mode: "before" } }, 400],
    [{ pins: { nobody: { output: 1 } } }, 400, "/pins/nobody"],
    [{ pins: { one: { output: {}, port: "left" } } }, 400, "/pins/one/port"],
    [{ failOnce: "nobody" }, 400, "/failOnce"],
    [{ crashOnce: "nobody" }, 400, "/crashOnce"],
    [{ crashOnce: "end" }, 400, "/crashOnce"],
    [{ baseRun: other.id }, 404],
    [{ baseRun: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10" }, 404],
    [{ extra: 1 }, 400],
  ];
  for (const [body, status, at] of cases) {
    const answer = await call("POST", `${path}/draft/runs`, body);
    assert.equal(answer.status, status, `${JSON.stringify(body)} ${answer.text}`);
    if (at !== undefined) assert.equal((answer.json["errors"] as { path: string }[])[0]?.path, at, JSON.stringify(body));
  }
});
