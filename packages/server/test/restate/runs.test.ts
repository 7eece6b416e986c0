import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { DEFAULT_TENANT } from "#app";
import { systemIds } from "#ids";
import { HOSTED } from "#store/hosted-runs";
import { PENDING } from "#store/testing/runs";
import { type Effects, startEffects } from "#testing/effects";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, failing, slow, start, todayNews } from "#testing/workflows";
import { asking, openGate } from "../postgres/harness.ts";
import { ended, RestateHouse, skip } from "./house.ts";

/** Longer than a test lasts. */
const HOUR_MS = 3_600_000;
const MIB = 1_048_576;
const MOST = { response: { maxBytes: 50 * MIB } };

describe("runs on a Restate server", { skip, timeout: 300_000 }, () => {
  const house = new RestateHouse();
  let effects: Effects;
  /** Drives runs itself, on SQLite. */
  let embedded: TestServer;
  let hosted: TestServer;
  /** What that writes to its log. */
  const said: string[] = [];
  let large: { readonly url: string; close(): void };

  before(async () => {
    [effects] = await Promise.all([startEffects(), house.open()]);
    embedded = await startTestServer({ settings: { egressAllow: "127.0.0.1" } });
    hosted = await house.server({}, {}, { write: (line) => void said.push(line) });
    large = await startLarge();
  });
  after(async () => {
    effects?.close();
    large?.close();
    await embedded?.close();
    await house.close();
  });

  test("a synchronous call is answered by the run's end, and a later query in the same bytes", async () => {
    const { key } = await hosted.publish(todayNews);
    const invoked = await hosted.invoke(key, { input: { topic: "AI" } });
    assert.deepEqual([invoked.status, invoked.json["status"]], [200, "SUCCEED"], invoked.text);
    assert.deepEqual(invoked.json["output"], { news: [{ summary: "AI today", media: "Wire" }] });
    assert.equal((await hosted.query(key, invoked.json["workflowRunId"])).text, invoked.text);
  });

  /** A workflow with the input that it is given, and what is said to the run once it waits. */
  interface Case {
    readonly workflow: JsonObject;
    /** What it calls. */
    readonly others?: readonly JsonObject[];
    readonly input?: JsonObject;
    readonly tell?: (server: TestServer, key: string, runId: string, waitingFor: JsonObject) => Promise<unknown>;
  }

  const chain = (name: string, nodes: readonly JsonObject[], output: JsonObject, more: readonly string[] = []): JsonObject => {
    const all = [start({ who: { default: "Ada" } }), ...nodes, { id: "end", type: "end", output }];
    return document(name, all, [...all.slice(1).map(({ id }, at) => `${String(all[at]?.["id"])} -> ${String(id)}`), ...more]);
  };
  const code = (id: string, text: string, more: JsonObject = {}): JsonObject => ({ id, type: "code", code: text, ...more });
  const signal = (server: TestServer, key: string, workflowRunId: string, body: JsonObject) =>
    server.call("POST", "/v1/workflow/run/signal", { key, body: { workflowRunId, ...body } });

  const cases = (): { readonly [name: string]: Case } => ({
    "pure nodes": { workflow: echo, input: { value: { a: [1, null, "x"] } } },
    "a failing node": { workflow: failing },
    "code in a sandbox": { workflow: slow, input: { ms: 5 } },
    "a call outside": { workflow: chain("calls", [effects.node("ask")], { from: "{{ ask.body.from }}" }) },
    "retries, and then an error": {
      workflow: chain("retries", [effects.node("broken", { retry: { maxAttempts: 3, initialMs: 20 } })], {}),
    },
    "an error that is handled": {
      workflow: document(
        "handles",
        [
          start({}),
          effects.node("broken", { onError: { do: "branch" } }),
          { id: "end", type: "end", output: { fine: true } },
          { id: "other", type: "end", output: { error: "{{ broken.error.type }}" } },
        ],
        ["start -> broken", "broken -> end", "broken.error -> other"],
      ),
    },
    "a batch": {
      workflow: chain(
        "batches",
        [
          {
            ...{ id: "each", type: "batch", items: "{{ range(12) }}", concurrency: 5, collect: "{{ twice.n }}" },
            body: { nodes: [code("twice", "return { n: inputs.n * 2 }", { inputs: { n: "{{ item }}" } })], edges: [] },
          },
        ],
        { all: "{{ each.items }}" },
      ),
    },
    "a loop with a variable": {
      workflow: chain(
        "loops",
        [
          {
            ...{ id: "sum", type: "loop", count: 4, variables: { total: { type: "integer", value: 0 } } },
            body: { nodes: [{ id: "add", type: "set", assign: { total: "{{ loop.total + index }}" } }], edges: [] },
          },
        ],
        { total: "{{ sum.total }}" },
      ),
    },
    "a delay": { workflow: chain("delays", [{ id: "pause", type: "delay", forMs: 30 }], { fired: "{{ pause.firedAt > 0 }}" }) },
    "a node that takes too long": { workflow: chain("late", [{ id: "pause", type: "delay", forMs: HOUR_MS, timeoutMs: 30 }], {}) },

    "a signal": {
      workflow: chain("waits", [{ id: "wait", type: "signal", signal: "go" }], { got: "{{ wait.value }}" }),
      tell: (server, key, runId) => signal(server, key, runId, { name: "go", value: { n: 1 } }),
    },
    "an approval": {
      workflow: document(
        "approves",
        [start({}), { id: "ask", type: "approval", title: "Go on?" }, { id: "end", type: "end", output: { action: "{{ ask.action }}" } }],
        ["start -> ask", "ask.approve -> end"],
      ),
      tell: async (server, _key, _runId, { approvalId }) => {
        const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
        const decided = await server.call("POST", `/api/v1/approvals/${String(approvalId)}/decide`, { key, body: { action: "approve" } });
        assert.equal(decided.status, 200, decided.text);
      },
    },
    cancellation: {
      workflow: chain("cancelled", [{ id: "pause", type: "delay", forMs: HOUR_MS }], {}),
      tell: (server, key, workflowRunId) => server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId } }),
    },
    "a workflow that calls another": {
      others: [chain("greets", [], { text: "Hello, {{ start.who }}" })],
      workflow: chain("callsGreets", [{ id: "call", type: "workflow", workflow: "greets", input: { who: "Bob" } }], {
        got: "{{ call.text }}",
      }),
    },
    "a model": {
      workflow: chain("models", [{ id: "ask", type: "llm", model: "offline/extractive", prompt: "The sky is blue. What is blue?" }], {
        text: "{{ ask.text }}",
        usage: "{{ ask.usage }}",
      }),
    },
  });

  /** A run that waits for another one, while other tests go on. */
  let calling: Calling;

  test("a run that calls another waits for it", async () => {
    calling = await startCalling("callsLong");
  });

  test("whoever drives a run, its body is the same", async (t) => {
    effects.broken = new Set(["broken"]);
    for (const [name, one] of Object.entries(cases()))
      await t.test(name, async () => {
        const [own, theirs] = [await bodyOf(embedded, one), await bodyOf(hosted, one)];
        assert.deepEqual(theirs, own);
      });
  });

  test("a run that was accepted, and that no worker has begun in time, is begun again", async () => {
    const { id: workflowId, key, version } = await hosted.publish(echo);
    const at = Date.now() - 11_000;
    const workflow = { id: workflowId, name: "echo", version };
    const identity = {
      id: systemIds(Date.now).uuidv7(),
      workflowId,
      workflowName: "echo",
      version,
      userId: null,
      keyId: null,
      origin: null,
    };
    const run = { ...identity, owner: HOSTED, acceptedAt: at };
    const begun: Entry = {
      type: "run-accepted",
      interpreter: 1,
      runId: run.id,
      workflow,
      input: { value: 7 },
      userId: null,
      seed: "00",
      at,
    };
    await hosted.app.store.runs.accept(DEFAULT_TENANT, run, [begun], PENDING);
    await hosted.app.runtime.lookAround();
    assert.deepEqual((await ended(hosted, key, run.id)).json["output"], { value: 7 });
    assert.match((await hosted.call("GET", "/metrics")).text, /^millrace_runs_begun_late_total 1$/m);
    const told = said.filter((line) => line.includes("a run was accepted and not begun for 10 s"));
    assert.deepEqual(
      told.map((line) => (JSON.parse(line) as JsonObject)["workflowRunId"]),
      [run.id],
    );
  });

  test("a run whose workers are gone for good goes on with newer ones", async () => {
    const old = await house.server({ role: "worker" });
    const { key } = await hosted.publish(chain("left", [{ id: "wait", type: "signal", signal: "go" }], { got: "{{ wait.value }}" }));
    const { json } = await hosted.invoke(key, { input: {}, isAsync: true });
    await waitingFor(hosted, key, json["workflowRunId"]);
    await house.server({ role: "worker" });
    await old.close();
    const told = await signal(hosted, key, String(json["workflowRunId"]), { name: "go", value: 7 });
    assert.equal(told.status, 200, told.text);
    assert.deepEqual((await ended(hosted, key, json["workflowRunId"])).json["output"], { got: 7 });
  });

  test("a run that waits for one that it has called goes on, also where the worker at which it waits is gone for good", async () => {
    const old = await house.server({ role: "worker" });
    const calls = await startCalling("watches");
    let child: string | undefined;
    while (child === undefined) child = await calledBy(calls);
    while ((await house.statusOf(child, "whenEnded")) !== "suspended");
    await house.server({ role: "worker" });
    await old.close();
    await endCalling(calls);
  });

  test("L6: the engine's log refers to what is large, and has what is small", async () => {
    const bytes = (size: number) => ({ id: `get${size}`, type: "http", request: { method: "GET", url: `${large.url}${size}` }, ...MOST });
    const sizes = [60_000, 70_000, 40 * MIB];
    const output = Object.fromEntries(sizes.map((size) => [`n${size}`, `{{ get${size}.body.length }}`]));
    const wait = { id: "wait", type: "signal", signal: "go" };
    const { key } = await hosted.publish(chain("large", [...sizes.map(bytes), wait], { ...output, said: "{{ wait.value.length }}" }));
    const runId = String((await hosted.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]);
    await waitingFor(hosted, key, runId);
    // The server shows each byte as a number: four characters at most, with the comma.
    const shown = await house.shownOfLog(runId);
    assert.ok(shown > 60_000 && shown < 4 * 70_000, `${shown} characters of the log`);
    const value = "v".repeat(100_000);
    assert.equal((await signal(hosted, key, runId, { name: "go", value })).status, 200);
    const { json } = await ended(hosted, key, runId);
    assert.deepEqual(json["output"], { n60000: 60_000, n70000: 70_000, [`n${40 * MIB}`]: 40 * MIB, said: value.length });
  });

  test("a limit of runs holds over all workers: the others wait in line, the oldest is next", async () => {
    const gate = await openGate();
    try {
      const { key } = await hosted.publish({ ...asking(gate), concurrency: { limit: 1, queue: 2 } });
      const invoke = () => hosted.invoke(key, { input: {}, isAsync: true });
      const ids: unknown[] = [(await invoke()).json["workflowRunId"]];
      const first = await gate.asked();
      // Whatever is accepted from now on is hosted there.
      await house.server({ role: "worker" });
      ids.push((await invoke()).json["workflowRunId"], (await invoke()).json["workflowRunId"]);
      const refused = await invoke();
      assert.deepEqual([refused.status, refused.json["type"]], [429, "/errors/queue_full"], refused.text);
      const places: unknown[] = [];
      for (const id of ids) places.push((await hosted.query(key, id)).json["queuePosition"]);
      assert.deepEqual(places, [undefined, 1, 2]);
      first.answer("0");
      for (const n of [1, 2]) (await gate.asked()).answer(String(n));
      for (const [n, id] of ids.entries()) assert.deepEqual((await ended(hosted, key, id)).json["output"], { answer: String(n) });
      assert.equal(gate.count, 3);
    } finally {
      await gate.close();
    }
  });

  test("a limit of a node holds over all workers, and whoever calls itself through it does not wait for itself", async () => {
    const gate = await openGate();
    try {
      const ask = { id: "ask", type: "http", concurrency: { limit: 1 }, request: { method: "POST", url: gate.url } };
      const { key } = await hosted.publish(chain("narrow", [ask], {}));
      const invoke = () => hosted.invoke(key, { input: {}, isAsync: true });
      const ids: unknown[] = [(await invoke()).json["workflowRunId"]];
      const first = await gate.asked();
      // Whatever is accepted from now on is hosted there.
      await house.server({ role: "worker" });
      for (let count = 0; count < 3; count++) ids.push((await invoke()).json["workflowRunId"]);
      for (const id of ids) while ((await hosted.query(key, id)).json["status"] === "PENDING");
      assert.equal(gate.count, 1);
      first.answer("ok");
      for (let done = 1; done < 4; done++) {
        const asked = await gate.asked();
        assert.equal(gate.count, done + 1);
        asked.answer("ok");
      }
      for (const id of ids) assert.equal((await ended(hosted, key, id)).json["status"], "SUCCEED");
    } finally {
      await gate.close();
    }
    const input = { left: "{{ start.left - 1 }}" };
    const call = { id: "call", type: "workflow", workflow: "itself", input, concurrency: { limit: 1 }, skipIf: "{{ start.left == 0 }}" };
    const nodes = [start({ left: { type: "integer" } }), call, { id: "end", type: "end", output: { runs: "{{ (call.runs ?? 0) + 1 }}" } }];
    const itself = await hosted.publish(document("itself", nodes, ["start -> call", "call -> end", "start -> end"]));
    assert.deepEqual((await hosted.invoke(itself.key, { input: { left: 3 } })).json["output"], { runs: 4 });
  });

  test("whoever only waits holds no turn, and asks for one when the wait is over; one that waits for it is cancelled", async () => {
    const nodes = [{ id: "wait", type: "signal", signal: "go" }, effects.node("after")];
    const { key } = await hosted.publish({ ...chain("turns", nodes, { got: "{{ wait.value }}" }), concurrency: { limit: 1 } });
    const ids: string[] = [];
    for (let count = 0; count < 3; count++)
      ids.push(String((await hosted.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]));
    for (const id of ids) await waitingFor(hosted, key, id);
    for (const id of ids) assert.equal((await signal(hosted, key, id, { name: "go", value: 1 })).status, 200);
    for (const id of ids) assert.deepEqual((await ended(hosted, key, id)).json["output"], { got: 1 });
  });

  test("a run that waits for one that it has called takes no memory of a worker, and goes on when that has ended", async () => {
    while ((await house.statusOf(calling.runId)) !== "suspended");
    await endCalling(calling);
  });

  test("while the engine does nothing, the server is not ready and takes no run; afterwards both again", async () => {
    const { key } = await hosted.publish(echo);
    const statuses = async () => {
      await hosted.app.runtime.lookAround();
      const [ready, invoked] = [await hosted.call("GET", "/readyz"), await hosted.invoke(key, { input: { value: 1 }, isAsync: true })];
      return [ready.status, invoked.status];
    };
    assert.deepEqual(await statuses(), [200, 200]);
    const { json } = await hosted.invoke(key, { input: { value: 1 } });
    await house.restate.kill();
    assert.deepEqual(await statuses(), [503, 503]);
    assert.deepEqual((await hosted.query(key, json["workflowRunId"])).json["output"], { value: 1 });
    await house.restate.start();
    while ((await hosted.call("GET", "/readyz")).status !== 200) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal((await hosted.invoke(key, { input: { value: 1 }, isAsync: true })).status, 200);
    assert.deepEqual(await statuses(), [200, 200]);
  });

  interface Calling {
    readonly name: string;
    readonly key: string;
    readonly runId: string;
    /** The key of the workflow that it calls. */
    readonly called: string;
  }

  /** A run that waits for another, which waits for a signal. */
  async function startCalling(name: string): Promise<Calling> {
    const wait = { id: "wait", type: "signal", signal: "go" };
    const called = await hosted.publish(chain(`${name}Called`, [wait], { got: "{{ wait.value }}" }));
    const call = { id: "call", type: "workflow", workflow: `${name}Called`, input: {} };
    const { key } = await hosted.publish(chain(name, [call], { got: "{{ call.got }}" }));
    const { json } = await hosted.invoke(key, { input: {}, isAsync: true });
    return { name, key, called: called.key, runId: String(json["workflowRunId"]) };
  }

  async function calledBy({ name }: Calling): Promise<string | undefined> {
    const runs = await hosted.app.store.runs.list(DEFAULT_TENANT, { limit: 100 });
    return runs.find(({ workflowName, endedAt }) => workflowName === `${name}Called` && endedAt === null)?.id;
  }

  async function endCalling(calls: Calling): Promise<void> {
    const child = (await calledBy(calls)) ?? "";
    assert.equal((await signal(hosted, calls.called, child, { name: "go", value: 5 })).status, 200);
    assert.deepEqual((await ended(hosted, calls.key, calls.runId)).json["output"], { got: 5 });
  }

  async function bodyOf(server: TestServer, { workflow, others = [], input = {}, tell }: Case): Promise<JsonObject> {
    for (const other of others) await server.publish(other);
    const { key } = await server.publish(workflow);
    const { json, text } = await server.invoke(key, { input, isAsync: true });
    const runId = json["workflowRunId"];
    assert.equal(typeof runId, "string", text);
    if (tell) await tell(server, key, String(runId), await waitingFor(server, key, runId));
    return timeless((await ended(server, key, runId)).json);
  }
});

/** Answers as many bytes as its path says. */
async function startLarge() {
  const server = createServer(({ url = "/" }, response) => {
    response.writeHead(200, { "content-type": "text/plain" }).end(Buffer.alloc(Number(url.slice(1)), "x"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => void server.close() };
}

/** What the run waits for, as soon as it does. */
async function waitingFor(server: TestServer, key: string, runId: unknown): Promise<JsonObject> {
  for (;;) {
    const { json, text } = await server.query(key, runId);
    assert.equal(json["endTime"], undefined, text);
    if (json["waitingFor"] !== undefined) return json["waitingFor"] as JsonObject;
  }
}

/** Without what differs from run to run. */
function timeless({
  workflowRunId: _id,
  workflowId: _workflow,
  startTime,
  endTime,
  workflowExecutionTime,
  ...body
}: JsonObject): JsonObject {
  assert.ok(Number(endTime) >= Number(startTime));
  assert.ok(Number(workflowExecutionTime) >= 0);
  return body;
}
