import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { DEFAULT_TENANT } from "#app";
import { LEASE_MS } from "#store/lease";
import { MovableClock } from "#testing/clock";
import { hasPostgres } from "#testing/database-servers";
import { echo } from "#testing/workflows";
import { Project, urlOf } from "../cli/harness.ts";
import { asking, ended, openGate, Processes } from "./harness.ts";

const HOUR_MS = 3_600_000;

describe("of several processes on one PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const processes = new Processes();
  before(() => processes.begin());
  after(() => processes.end());
  beforeEach(() => processes.newDatabase());
  afterEach(() => processes.close());

  test("one begins what a schedule is due to begin, and the next one does when that is gone; each tells how large the database is", async () => {
    const clock = new MovableClock();
    const [first, second, third] = [await processes.open({}, clock), await processes.open({}, clock), await processes.open({}, clock)];
    const { key } = await second.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    await second.publish(echo);
    const made = await third.call("POST", "/api/v1/schedules", { key, body: { workflow: "echo", cron: "0 * * * *" } });
    assert.equal(made.status, 201, made.text);
    const id = String(made.json["id"]);
    const [due = 0] = made.json["dueTimes"] as number[];
    const { runs, schedules } = third.app.store;
    const seenTo = (at: number) =>
      new Promise<void>((resolve, reject) => {
        const look = (): void => {
          schedules.get(DEFAULT_TENANT, id).then((row) => row?.lastDueAt === at && resolve(), reject);
        };
        third.app.store.watch(look);
        look();
      });
    clock.forward(due - clock.now() + 1_000);
    await seenTo(due);
    assert.equal((await runs.list(DEFAULT_TENANT, { limit: 9, starterId: id })).length, 1);
    await processes.leave(first);
    clock.forward(HOUR_MS);
    await seenTo(due + HOUR_MS);
    assert.equal((await runs.list(DEFAULT_TENANT, { limit: 9, starterId: id })).length, 2);
    const { json } = await third.call("GET", "/api/v1/system", { key });
    assert.ok(Number(json["databaseBytes"]) > 1_000_000);
  });

  test("one that was frozen for longer than its lease has none of its late writes accepted", async () => {
    const project = new Project();
    const gate = await openGate();
    try {
      const b = await processes.open();
      const { key } = await b.publish(asking(gate));
      const a = project.start(["start", "--port", "0"], { env: processes.env });
      await a.seen(/http:\/\/127\.0\.0\.1:\d+/);
      const response = await fetch(`${urlOf(a)}/v1/workflow/invoke`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ input: {}, isAsync: true }),
      });
      const { workflowRunId } = (await response.json()) as { workflowRunId: string };
      const early = await gate.asked();
      process.kill(a.pid, "SIGSTOP");
      await b.app.runtime.lookAround();
      processes.ahead += LEASE_MS;
      await b.app.runtime.lookAround();
      const again = await gate.asked();
      assert.equal(again.idempotencyKey, early.idempotencyKey);
      // It comes back while the run goes on elsewhere, and has its answer before that one.
      early.answer("late");
      process.kill(a.pid, "SIGCONT");
      await a.seen(/lease could not be renewed/);
      again.answer("in time");
      assert.deepEqual((await ended(b, key, workflowRunId))["output"], { answer: "in time" });
      const journal = await b.app.store.runs.journal(DEFAULT_TENANT, workflowRunId);
      // Whatever it had left to write, it has tried to by its end.
      await a.end("SIGTERM");
      assert.deepEqual(await b.app.store.runs.journal(DEFAULT_TENANT, workflowRunId), journal);
      assert.equal(journal.filter(({ type }) => type === "node-finished").length, 3, "start, ask and end, each once");
      assert.equal(gate.count, 2);
    } finally {
      await gate.close();
      await project.dispose();
    }
  });
});
