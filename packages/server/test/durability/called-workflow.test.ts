import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { DEFAULT_TENANT } from "#app";
import { derivedRunId, systemIds } from "#ids";
import { MovableClock } from "#testing/clock";
import { ofOwnClock } from "#testing/run-engine";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { variablesOf } from "#testing/store-database";
import { document, start } from "#testing/workflows";
import { compileVersion } from "#workflows/compile-version";
import { linearPatterns } from "#workflows/linear-patterns";
import { Project, urlOf } from "../cli/harness.ts";

// The invariants of runs/call-workflow.ts, through a real socket: one workflow calls another.

const HOUR_MS = 3_600_000;
const MAX_CALL_DEPTH = 16;

const clock = new MovableClock();
let dataDir: string;
let server: TestServer;

/** One place: a called run takes none, or it would wait for the place of the run that waits for it. */
const open = () => startTestServer({ dataDir, settings: { maxRuns: "1" }, surroundings: { clock } });

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-called-"));
  server = await open();
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Calls `workflow`, and gives its output on. */
function calling(name: string, workflow: string, more: JsonObject = {}) {
  const call = { id: "call", type: "workflow", name: "Call", workflow, ...more };
  return document(name, [start({}), call, { id: "end", type: "end", output: { result: "{{ call }}" } }], ["start -> call", "call -> end"]);
}

const greeting = (name: string, word: string) =>
  document(
    name,
    [start({ name: { type: "string" } }, ["name"]), { id: "end", type: "end", output: { text: `${word}, {{ start.name }}` } }],
    ["start -> end"],
  );

/** Ends after an hour. */
const waiting = (name: string) =>
  document(
    name,
    [start({}), { id: "pause", type: "delay", forMs: HOUR_MS }, { id: "end", type: "end", output: { done: true } }],
    ["start -> pause", "pause -> end"],
  );

async function queried(key: string, runId: unknown, isSo: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await server.query(key, runId);
    if (isSo(answer)) return answer;
  }
}

const ended = (answer: Answer) => answer.json["endTime"] !== undefined;
const errorOf = ({ json }: Answer) => json["error"] as { type: string; message: string; nodeId: string };
const runsOf = (workflowId: string) => server.app.store.runs.list("default", { workflowId, limit: 100 });

/** Begins the calling workflow, and resolves once the called one waits. */
async function begun(name: string, more: JsonObject = {}) {
  const child = await server.publish(waiting(`${name}Child`));
  const parent = await server.publish(calling(`${name}Parent`, `${name}Child`, more));
  const { json } = await server.invoke(parent.key, { input: {}, isAsync: true });
  const runId = String(json["workflowRunId"]);
  for (;;) {
    const [called] = await runsOf(child.id);
    if (called && (await server.query(child.key, called.id)).json["waitingFor"]) return { parent, child, runId, childRunId: called.id };
    // The store answers at once: without a turn of its own, nothing else would come to pass.
    await new Promise(setImmediate);
  }
}

test("the output of the called workflow and the id of its run are the result; the run is found under its own workflow", async () => {
  const child = await server.publish(greeting("hello", "Hello"));
  const { key } = await server.publish(calling("greeter", "hello", { input: { name: "Ada" } }));
  const answer = await server.invoke(key, { input: {}, userId: "u1" });
  const { text, workflowRunId } = (answer.json["output"] as { result: JsonObject }).result;
  assert.equal(text, "Hello, Ada", answer.text);
  const { json } = await server.query(child.key, workflowRunId);
  assert.deepEqual([json["status"], json["input"], json["output"]], ["SUCCEED", { name: "Ada" }, { text: "Hello, Ada" }]);
  assert.equal((await server.query(key, workflowRunId)).status, 404);
  assert.equal((await runsOf(child.id))[0]?.userId, "u1");
});

test("live is what is live when the node is reached; a pinned version is that version", async () => {
  await server.publish(greeting("versioned", "Hello"));
  const live = await server.publish(calling("callsLive", "versioned", { input: { name: "Ada" } }));
  const pinned = await server.publish(calling("callsPinned", "versioned", { version: "1.0.0", input: { name: "Ada" } }));
  await server.publish(greeting("versioned", "Good day"));
  const text = async (key: string) => ((await server.invoke(key, { input: {} })).json["output"] as { result: JsonObject }).result["text"];
  assert.equal(await text(live.key), "Good day, Ada");
  assert.equal(await text(pinned.key), "Hello, Ada");
});

test("what does not exist, and an input that does not fit, fail the node and begin nothing", async () => {
  const child = await server.publish(greeting("strict", "Hello"));
  const failure = async (name: string, workflow: string, more: JsonObject) => {
    const { key } = await server.publish(calling(name, workflow, more));
    const answer = await server.invoke(key, { input: {} });
    const { type, message, nodeId } = errorOf(answer);
    assert.equal(nodeId, "call", answer.text);
    return [type, message];
  };
  assert.deepEqual(await failure("noWorkflow", "nowhere", {}), ["missing_reference", 'There is no workflow "nowhere".']);
  assert.deepEqual(await failure("noVersion", "strict", { version: "9.9.9", input: { name: "x" } }), [
    "missing_reference",
    'The workflow "strict" has no version "9.9.9".',
  ]);
  const [type, message] = await failure("misfit", "strict", { input: { name: 7 } });
  assert.equal(type, "type_error");
  assert.match(String(message), /^strict: .*name/);
  assert.deepEqual(await runsOf(child.id), []);
});

test("an error of the called run is the error of the node, which may handle it", async () => {
  await server.publish(
    document(
      "unlucky",
      [start({}), { id: "boom", type: "code", code: "throw new Error('no luck')" }, { id: "end", type: "end", output: {} }],
      ["start -> boom", "boom -> end"],
    ),
  );
  const { key } = await server.publish(calling("callsUnlucky", "unlucky"));
  const { type, message, nodeId } = errorOf(await server.invoke(key, { input: {} }));
  assert.deepEqual([type, nodeId], ["code_error", "call"]);
  assert.match(message, /^unlucky: .*no luck/);
  const handled = await server.publish(calling("handlesUnlucky", "unlucky", { onError: { do: "default", output: { v: 1 } } }));
  assert.deepEqual((await server.invoke(handled.key, { input: {} })).json["output"], { result: { v: 1 } });
});

test("a retry begins a new run", async () => {
  const child = await server.publish(
    document(
      "failsAlways",
      [start({}), { id: "boom", type: "code", code: "throw new Error('no')" }, { id: "end", type: "end", output: {} }],
      ["start -> boom", "boom -> end"],
    ),
  );
  const retry = { maxAttempts: 3, initialMs: 0, on: ["code_error"] };
  const { key } = await server.publish(calling("retries", "failsAlways", { retry }));
  assert.equal((await server.invoke(key, { input: {} })).json["status"], "FAILED");
  assert.equal((await runsOf(child.id)).length, 3);
});

test("calls go 16 levels deep and no deeper, also where a workflow calls itself", async () => {
  await server.publish(greeting("level0", "Deep"));
  let key = "";
  for (let level = 1; level <= MAX_CALL_DEPTH + 1; level++) {
    const input = level === 1 ? { name: "Ada" } : {};
    const next = await server.publish(calling(`level${level}`, `level${level - 1}`, { input }));
    if (level === MAX_CALL_DEPTH) assert.equal((await server.invoke(next.key, { input: {} })).json["status"], "SUCCEED");
    key = next.key;
  }
  assert.equal(errorOf(await server.invoke(key, { input: {} })).type, "limit_exceeded");
  const self = await server.publish(calling("self", "self"));
  const { type, message } = errorOf(await server.invoke(self.key, { input: {} }));
  assert.equal(type, "limit_exceeded");
  assert.match(message, /16 levels/);
  assert.equal((await runsOf(self.id)).length, MAX_CALL_DEPTH + 1);
});

test("C2 R14 cancelling the calling run cancels the called one", async () => {
  const { parent, child, runId, childRunId } = await begun("cascade");
  assert.equal(await server.app.runtime.cancel("default", runId), true);
  assert.equal(errorOf(await server.query(parent.key, runId)).type, "cancelled");
  assert.equal(errorOf(await queried(child.key, childRunId, ended)).type, "cancelled");
});

test("a called run that is cancelled on its own is a failure of the node", async () => {
  const { parent, runId, childRunId } = await begun("alone");
  assert.equal(await server.app.runtime.cancel("default", childRunId), true);
  const { type, nodeId } = errorOf(await queried(parent.key, runId, ended));
  assert.deepEqual([type, nodeId], ["workflow_cancelled", "call"]);
});

test("a called run that takes too long is cancelled, and the node fails with node_timeout", ofOwnClock, async () => {
  const { parent, child, runId, childRunId } = await begun("late", { timeoutMs: HOUR_MS / 2 });
  clock.forward(HOUR_MS / 2);
  const { type, message } = errorOf(await queried(parent.key, runId, ended));
  assert.deepEqual([type, message], ["node_timeout", `lateChild: The called run took longer than ${HOUR_MS / 2} ms.`]);
  assert.equal(errorOf(await server.query(child.key, childRunId)).type, "cancelled");
});

test("C1 C2 after a restart the calling run finds the run that it called and waits for it", ofOwnClock, async () => {
  const { parent, child, runId, childRunId } = await begun("restarted");
  await server.close();
  clock.forward(HOUR_MS);
  server = await open();
  const { json } = await queried(parent.key, runId, ended);
  assert.deepEqual(json["output"], { result: { done: true, workflowRunId: childRunId } });
  assert.deepEqual(
    (await runsOf(child.id)).map(({ id }) => id),
    [childRunId],
  );
});

test("a called run whose caller has ended meanwhile is cancelled at the next start", async () => {
  const child = await server.publish(waiting("orphan"));
  const { version } = compileVersion(waiting("orphan"), { specs: nodeSpecs, patterns: linearPatterns, checkCode: () => [] });
  assert.ok(version);
  const id = systemIds(clock.now).uuidv7();
  const caller = { runId: derivedRunId(id, "unknown"), path: "call", depth: 1 };
  const origin = { trigger: "workflow", id: caller.runId } as const;
  const about = { workflowId: child.id, workflowName: "orphan", version: child.version, userId: null, keyId: null, origin };
  const run = { id, ...about, acceptedAt: clock.now() };
  await server.app.runtime.start({ tenantId: DEFAULT_TENANT, run, version, input: {}, startValues: {}, caller });
  await server.close();
  server = await open();
  assert.equal(errorOf(await queried(child.key, id, ended)).type, "cancelled");
});

test("C1 R11 a death between the end of the called run and its record repeats nothing", async () => {
  const project = new Project();
  try {
    const child = await server.publish(greeting("fatalChild", "Hello"));
    const parent = await server.publish(calling("fatalParent", "fatalChild", { input: { name: "Ada" } }));
    await server.close();
    const env = { ...(await variablesOf(dataDir)), MILLRACE_FAILPOINTS: "effect.afterReply.beforeRecord:kill" };
    const dying = project.start(["start", "--port", "0"], { env });
    await dying.seen(/http:\/\/127\.0\.0\.1:\d+/);
    const headers = { Authorization: `Bearer ${parent.key}` };
    const body = JSON.stringify({ input: {} });
    await assert.rejects(fetch(`${urlOf(dying)}/v1/workflow/invoke`, { method: "POST", headers, body }));
    server = await open();
    const [calls] = await runsOf(parent.id);
    const { json } = await queried(parent.key, calls?.id, ended);
    assert.equal((json["output"] as { result: JsonObject }).result["text"], "Hello, Ada");
    assert.equal((await runsOf(child.id)).length, 1);
    const attempts = (await server.app.store.runs.journal("default", String(calls?.id))).filter(({ type }) => type === "node-started");
    assert.equal(attempts.length, 2);
  } finally {
    await project.dispose();
  }
});
