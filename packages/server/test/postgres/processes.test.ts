import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import pino from "pino";
import type { App } from "#app";
import { CliError } from "#cli/cli-error";
import { serve } from "#cli/serve/serve";
import { loadSettings } from "#config/load-settings";
import { LEASE_MS } from "#store/lease";
import { hasPostgres } from "#testing/database-servers";
import type { TestServer } from "#testing/server";
import { echo, start, todayNews } from "#testing/workflows";
import { Project, urlOf } from "../cli/harness.ts";
import { asking, ended, type Gate, openGate, Processes } from "./harness.ts";

describe("several processes on one PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const processes = new Processes();
  before(() => processes.begin());
  after(() => processes.end());
  beforeEach(() => processes.newDatabase());
  afterEach(() => processes.close());
  const open = () => processes.open();

  test("one answers what another one was asked, in the same bytes", async () => {
    const [a, b] = [await open(), await open()];
    const { key } = await a.publish(todayNews);
    const invoked = await b.invoke(key, { input: { topic: "AI" } });
    assert.deepEqual([invoked.status, invoked.json["status"]], [200, "SUCCEED"], invoked.text);
    const runId = invoked.json["workflowRunId"];
    assert.equal((await a.query(key, runId)).text, (await b.query(key, runId)).text);
    assert.deepEqual((await a.query(key, runId)).json["output"], { news: [{ summary: "AI today", media: "Wire" }] });
  });

  test("processes that are started at once on a database that is empty all start, with one admin key", async () => {
    const { settings } = loadSettings(processes.env, { port: "0" }, "0.0.0-test");
    const starting = () => serve({ settings, log: pino({ level: "silent" }), cwd: "/", prepare: async () => undefined });
    const started = await Promise.allSettled(Array.from({ length: 4 }, starting));
    for (const one of started) if (one.status === "fulfilled") await one.value.stop();
    assert.deepEqual(
      started.map((one) => (one.status === "fulfilled" ? "started" : String(one.reason))),
      Array.from({ length: 4 }, () => "started"),
    );
    const keys = await processes.sql("SELECT name FROM api_keys");
    assert.deepEqual(keys, [{ name: "MILLRACE_ADMIN_KEY" }]);
  });

  test("what one publishes or revokes, the others know at once", async () => {
    const [a, b] = [await open(), await open()];
    const { id, key } = await a.publish(echo);
    assert.deepEqual((await b.invoke(key, { input: { value: 1 } })).json["output"], { value: 1 });
    const changed = { ...echo, nodes: [start({ value: {} }), { id: "end", type: "end", output: { twice: "{{ start.value }}" } }] };
    const heard = new Promise<void>((resolve) => {
      const stop = b.app.store.watch((change) => {
        if (change.id !== id) return;
        stop();
        resolve();
      });
    });
    await a.publish(changed);
    await heard;
    assert.deepEqual((await b.invoke(key, { input: { value: 2 } })).json["output"], { twice: 2 });
  });

  test("a large value that one keeps is read by the other", async () => {
    const [a, b] = [await open(), await open()];
    const { key } = await a.publish(echo);
    const value = "0123456789".repeat(20_000);
    const { json } = await a.invoke(key, { input: { value } });
    assert.deepEqual((await b.query(key, json["workflowRunId"])).json["output"], { value });
  });

  test("a process that stops in order leaves its run to the others, at once", async () => {
    const [a, b] = [await open(), await open()];
    const gate = await openGate();
    try {
      const { key } = await a.publish(asking(gate));
      const { json } = await a.invoke(key, { input: {}, isAsync: true });
      await gate.asked();
      await processes.leave(a);
      (await gate.asked()).answer("done");
      assert.deepEqual((await ended(b, key, json["workflowRunId"]))["output"], { answer: "done" });
      assert.match((await b.call("GET", "/metrics")).text, /^millrace_runs_taken_over_total 1$/m);
    } finally {
      await gate.close();
    }
  });

  test("a process that is told to stop while it looks for runs of others looks to the end before it closes", async () => {
    const a = await open();
    const unlock = await processes.lock("sleepers");
    const looking = a.app.runtime.lookAround();
    await processes.waiting(1);
    const left = processes.leave(a);
    await assert.rejects(async () => {
      for (;;) await a.call("GET", "/healthz");
    });
    // As much time as closing would take.
    for (let n = 0; n < 20; n++) await processes.waiting(1);
    await unlock();
    await Promise.all([looking, left]);
  });

  test("a webhook is sent once, by the process whose turn it is, and by the next one when that is gone", async () => {
    const [a, b] = [await open(), await open()];
    const { key } = await a.publish(echo);
    const gate = await openGate();
    try {
      const invoke = (server: TestServer, value: string) =>
        server.invoke(key, { input: { value }, isAsync: true, webhook: [{ method: "POST", url: gate.url }] });
      assert.equal((await invoke(b, "first")).status, 200);
      (await gate.asked()).answer("ok");
      assert.equal((await invoke(a, "second")).status, 200);
      (await gate.asked()).answer("ok");
      await processes.leave(a);
      assert.equal((await invoke(b, "third")).status, 200);
      (await gate.asked()).answer("ok");
      assert.equal(gate.count, 3);
    } finally {
      await gate.close();
    }
  });

  describe("the database is away for a while", () => {
    let gate: Gate;
    beforeEach(async () => {
      gate = await openGate();
    });
    afterEach(() => gate.close());

    test("runs go on when it is back, and what is asked for meanwhile is refused for now", async () => {
      const a = await open();
      const { key } = await a.publish(asking(gate));
      const { json } = await a.invoke(key, { input: {}, isAsync: true });
      const asked = await gate.asked();
      await processes.outage();
      asked.answer("done");
      const refused = await a.invoke(key, { input: {} });
      assert.deepEqual([refused.status, refused.headers["retry-after"]], [503, "5"], refused.text);
      await processes.outageOver();
      assert.deepEqual((await ended(a, key, json["workflowRunId"]))["output"], { answer: "done" });
      assert.equal(gate.count, 1);
    });

    test("a process that starts says so, wherever it notices it", async () => {
      const { settings } = loadSettings(processes.env, { port: "0" }, "0.0.0-test");
      const prepare = async ({ store }: App): Promise<void> => {
        await processes.outage();
        await store.check();
      };
      const starting = serve({ settings, log: pino({ level: "silent" }), cwd: "/", prepare });
      await assert.rejects(starting, (error) => error instanceof CliError && error.type === "database_unreachable");
      await processes.outageOver();
    });

    test("a run that a claim left with nobody to drive it is taken up again, by the process that has it", async () => {
      const a = await open();
      const { key } = await a.publish(asking(gate));
      const { json } = await a.invoke(key, { input: {}, isAsync: true });
      const first = await gate.asked();
      // What is there when the answer to a claim is lost with its connection.
      await processes.sql("UPDATE runs SET fence = fence + 1 WHERE id = $1", json["workflowRunId"]);
      first.answer("for nobody");
      const isLeft = async () => (await a.call("GET", "/metrics")).text.includes("millrace_runs_live 0");
      while (!(await isLeft()));
      await a.app.runtime.lookAround();
      const second = await gate.asked();
      second.answer("done");
      assert.deepEqual((await ended(a, key, json["workflowRunId"]))["output"], { answer: "done" });
      assert.equal(second.idempotencyKey, first.idempotencyKey);
    });

    test("a process that the others gave up comes back, and drives runs again", async () => {
      const a = await open();
      const { key } = await a.publish(asking(gate));
      const { json } = await a.invoke(key, { input: {}, isAsync: true });
      const first = await gate.asked();
      // What is there when another one has given it up.
      await processes.sql("WITH gone AS (DELETE FROM workers) UPDATE runs SET owner = 'orphaned' WHERE id = $1", json["workflowRunId"]);
      const second = await gate.asked();
      second.answer("done");
      assert.deepEqual((await ended(a, key, json["workflowRunId"]))["output"], { answer: "done" });
      assert.equal(second.idempotencyKey, first.idempotencyKey);
      const again = a.invoke(key, { input: {} });
      (await gate.asked()).answer("again");
      assert.deepEqual((await again).json["output"], { answer: "again" });
    });
  });

  describe("one of them killed", () => {
    let project: Project;
    let gate: Gate;
    beforeEach(async () => {
      project = new Project();
      gate = await openGate();
    });
    afterEach(async () => {
      await project.dispose();
      await gate.close();
    });

    test("its run goes on in another one, under the same idempotency key, once its lease is over", async () => {
      const b = await open();
      const { key } = await b.publish(asking(gate));
      const a = project.start(["start", "--port", "0"], { env: processes.env });
      await a.seen(/http:\/\/127\.0\.0\.1:\d+/);
      assert.doesNotMatch(a.stdout() + a.stderr(), /correct(%20| )horse/, "no password is printed");
      const response = await fetch(`${urlOf(a)}/v1/workflow/invoke`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ input: {}, isAsync: true }),
      });
      const { workflowRunId } = (await response.json()) as { workflowRunId: string };
      const first = await gate.asked();
      await a.end("SIGKILL");
      await b.app.runtime.lookAround();
      assert.equal(gate.count, 1, "nobody is given up before its lease is over");
      processes.ahead += LEASE_MS;
      await b.app.runtime.lookAround();
      const second = await gate.asked();
      second.answer("done");
      assert.deepEqual(await ended(b, key, workflowRunId).then(({ status, output }) => [status, output]), ["SUCCEED", { answer: "done" }]);
      assert.equal(second.idempotencyKey, first.idempotencyKey);
      assert.equal(gate.count, 2);
    });
  });
});
