import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { LEASE_MS } from "#store/lease";
import { hasPostgres } from "#testing/database-servers";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { Project, urlOf } from "../cli/harness.ts";
import { EventStream } from "../wire/event-stream.ts";
import { ended, type Gate, openGate, Processes } from "./harness.ts";

/** A run that asks the outside and, meanwhile, waits for `node`: it is under way, and does not sleep. */
function busy(gate: Gate, node: JsonObject, output: JsonObject): JsonObject {
  return document(
    "busy",
    [
      start({}),
      { id: "ask", type: "http", request: { method: "POST", url: gate.url } },
      { id: "told", ...node },
      { id: "end", type: "end", output: { answer: "{{ ask.body }}", ...output } },
    ],
    ["start -> ask", "start -> told", "ask -> end", node["type"] === "approval" ? "told.approve -> end" : "told -> end"],
  );
}

const SIGNAL = { type: "signal", signal: "go" };

describe("what is asked of a run that another process drives", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const processes = new Processes();
  let gate: Gate;
  let a: TestServer;
  let b: TestServer;
  before(async () => {
    await processes.begin();
    processes.newDatabase();
    [a, b] = [await processes.open(), await processes.open()];
  });
  after(async () => {
    await processes.close();
    await processes.end();
  });
  beforeEach(async () => {
    gate = await openGate();
  });
  afterEach(() => gate.close());

  /** Driven by `a`, which waits for the outside. */
  async function begun(workflow: JsonObject) {
    const { key } = await a.publish(workflow);
    const { json } = await a.invoke(key, { input: {}, isAsync: true });
    const asked = await gate.asked();
    return { key, runId: String(json["workflowRunId"]), asked };
  }

  /** The row of this id, as it is now, and the only row of the audit log that tells of such a change come from one transaction. */
  async function isWrittenWith(table: string, column: string, id: string, action: string): Promise<void> {
    const [changed] = await processes.sql(`SELECT xmin FROM ${table} WHERE ${column} = $1`, id);
    assert.deepEqual(await processes.sql("SELECT xmin FROM audit_log WHERE action = $1", action), [changed]);
  }

  const tell = (server: TestServer, key: string, runId: string, more: object = {}) =>
    server.call("POST", "/v1/workflow/run/signal", { key, body: { workflowRunId: runId, name: "go", ...more } });

  test("a signal is told, once for each id", async () => {
    const { key, runId, asked } = await begun(busy(gate, SIGNAL, { said: "{{ told.value }}" }));
    for (const server of [b, b, a]) {
      const { status, text } = await tell(server, key, runId, { value: "now", id: "one" });
      assert.equal(status, 200, text);
    }
    asked.answer("done");
    assert.deepEqual((await ended(b, key, runId))["output"], { answer: "done", said: "now" });
    const late = await tell(b, key, runId);
    assert.equal(late.status, 409, late.text);
  });

  test("an answer of a person is taken, and the next one refused", async () => {
    const { key, runId, asked } = await begun(busy(gate, { type: "approval", title: "Go on?" }, { action: "{{ told.action }}" }));
    const { key: admin } = await b.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const { json } = await b.call("GET", "/api/v1/approvals", { key: admin });
    const [{ id }] = json["data"] as [{ id: string }];
    const decide = (server: TestServer, action: string) =>
      server.call("POST", `/api/v1/approvals/${id}/decide`, { key: admin, body: { action } });
    const first = await decide(b, "approve");
    assert.deepEqual([first.status, first.json["status"]], [200, "DECIDED"], first.text);
    await isWrittenWith("approvals", "id", String(id), "decideApproval");
    assert.equal((await decide(b, "reject")).status, 409);
    assert.equal((await decide(a, "approve")).status, 200, "the same decision of the same person");
    asked.answer("done");
    assert.deepEqual((await ended(b, key, runId))["output"], { answer: "done", action: "approve" });
  });

  test("a cancellation ends it, and tells how it ended", async () => {
    const { key, runId } = await begun(busy(gate, SIGNAL, {}));
    const cancel = (server: TestServer) => server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
    const first = await cancel(b);
    assert.deepEqual([first.status, first.json["status"]], [200, "FAILED"], first.text);
    assert.equal((await cancel(a)).text, first.text);
    assert.equal((await b.query(key, runId)).text, first.text);
  });

  test("a cancellation has its row of the audit log in the commit that it is in", async () => {
    const { runId } = await begun(busy(gate, SIGNAL, {}));
    const { key: admin } = await b.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const cancelled = await b.call("POST", `/api/v1/runs/${runId}/cancel`, { key: admin, body: {} });
    assert.equal(cancelled.status, 200, cancelled.text);
    await isWrittenWith("runs", "id", runId, "cancelOneRun");
  });

  test("a run that fell asleep elsewhere is told too", async () => {
    const waits = document(
      "waits",
      [start({}), { id: "told", ...SIGNAL }, { id: "end", type: "end", output: { said: "{{ told.value }}" } }],
      ["start -> told", "told -> end"],
    );
    const { key } = await a.publish(waits);
    const { json } = await a.invoke(key, { input: {}, isAsync: true });
    const runId = String(json["workflowRunId"]);
    assert.equal((await tell(b, key, runId, { value: "hello" })).status, 200);
    assert.deepEqual((await ended(a, key, runId))["output"], { said: "hello" });
  });

  test("what failed in one is retried in another, with what it had got done", async () => {
    const fails = document(
      "fails",
      [
        start({}),
        { id: "ask", type: "http", request: { method: "POST", url: gate.url } },
        { id: "boom", type: "code", code: "throw new Error('no luck');" },
        { id: "end", type: "end", output: {} },
      ],
      ["start -> ask", "ask -> boom", "boom -> end"],
    );
    const { key, runId, asked } = await begun(fails);
    asked.answer("done");
    assert.equal((await ended(b, key, runId))["status"], "FAILED");
    const retried = await b.call("POST", "/v1/workflow/run/retry", { key, body: { workflowRunId: runId } });
    assert.equal(retried.status, 200, retried.text);
    assert.equal((await ended(a, key, retried.json["workflowRunId"]))["status"], "FAILED");
    assert.equal(gate.count, 1);
  });

  test("one that waits for the end elsewhere is woken by it, with the same bytes", async () => {
    const { key } = await a.publish(busy(gate, SIGNAL, {}));
    const headers = { "Idempotency-Key": "one" };
    const first = a.invoke(key, { input: {} }, headers);
    const asked = await gate.asked();
    const second = b.invoke(key, { input: {} }, headers);
    const [run] = await a.app.store.runs.list(DEFAULT_TENANT, { limit: 1 });
    await tell(b, key, String(run?.id));
    asked.answer("done");
    const [held, woken] = await Promise.all([first, second]);
    assert.equal(held.json["status"], "SUCCEED", held.text);
    assert.equal(woken.text, held.text);
    assert.equal(gate.count, 1);
  });

  test("its events are heard in another process as they come, and from Last-Event-ID on", async () => {
    const { key, runId, asked } = await begun(busy(gate, SIGNAL, {}));
    const stream = await EventStream.open(b, runId, { key });
    await stream.until(({ event, data }) => event === "node.started" && data["nodeId"] === "ask");
    await tell(a, key, runId);
    await stream.until(({ event, data }) => event === "node.finished" && data["nodeId"] === "told");
    const half = await EventStream.open(b, runId, { key, lastEventId: 2 });
    asked.answer("done");
    await stream.until(({ event }) => event === "run.finished");
    const rest = await half.read();
    const whole = await (await EventStream.open(a, runId, { key })).read();
    assert.deepEqual(
      rest,
      whole.filter(({ id }) => id > 2),
    );
    assert.equal(rest.at(-1)?.event, "run.finished");
    stream.cut();
  });

  test("what was asked of a process that died is done by the one that takes over, once", async () => {
    const project = new Project();
    try {
      const { key } = await a.publish(busy(gate, SIGNAL, { said: "{{ told.value }}" }));
      const doomed = project.start(["start", "--port", "0"], { env: processes.env });
      await doomed.seen(/http:\/\/127\.0\.0\.1:\d+/);
      const response = await fetch(`${urlOf(doomed)}/v1/workflow/invoke`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ input: {}, isAsync: true }),
      });
      const { workflowRunId } = (await response.json()) as { workflowRunId: string };
      await gate.asked();
      // It is there, and takes nothing up any more.
      process.kill(doomed.pid, "SIGSTOP");
      const kept = new Promise<void>((resolve) => {
        const stop = a.app.store.shared?.hear(({ kind }) => {
          if (kind !== "control") return;
          stop?.();
          resolve();
        });
      });
      const told = tell(b, key, workflowRunId, { value: "later" });
      await kept;
      await doomed.end("SIGKILL");
      await a.app.runtime.lookAround();
      processes.ahead += LEASE_MS;
      await a.app.runtime.lookAround();
      const { status, text } = await told;
      assert.equal(status, 200, text);
      (await gate.asked()).answer("done");
      assert.deepEqual((await ended(b, key, workflowRunId))["output"], { answer: "done", said: "later" });
      const journal = await a.app.store.runs.journal(DEFAULT_TENANT, workflowRunId);
      assert.equal(journal.filter(({ type }) => type === "signal-received").length, 1);
    } finally {
      await project.dispose();
    }
  });
});
