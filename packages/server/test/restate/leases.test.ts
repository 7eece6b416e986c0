import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import pg from "pg";
import { LEASE_MS } from "#store/lease";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { Project, type Running } from "../cli/harness.ts";
import { type Gate, openGate } from "../postgres/harness.ts";
import { ended, RestateHouse, skip } from "./house.ts";

// What a worker holds for attempts that it carries out, turns of nodes and what they may spend, counts while it is known to live.

describe("workers that are gone", { skip, timeout: 180_000 }, () => {
  const house = new RestateHouse();
  const project = new Project();
  let gate: Gate;
  /** Answers, and hosts nothing. */
  let api: TestServer;

  before(async () => {
    [gate] = await Promise.all([openGate(), house.open()]);
    api = await house.server({ role: "api" });
  });
  after(async () => {
    await gate?.close();
    await house.close();
    await project.dispose();
  });

  async function workers(): Promise<ReadonlySet<string>> {
    const client = new pg.Client({ connectionString: house.databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ owner: string }>("SELECT owner FROM workers");
      return new Set(rows.map(({ owner }) => owner));
    } finally {
      await client.end();
    }
  }

  async function newWorker(known: ReadonlySet<string>): Promise<string> {
    for (;;) {
      const [owner] = [...(await workers())].filter((one) => !known.has(one));
      if (owner !== undefined) return owner;
    }
  }

  /** Carries out one attempt at a time, over all workers. */
  function narrow(name: string): JsonObject {
    const ask = { id: "ask", type: "http", concurrency: { limit: 1 }, request: { method: "POST", url: gate.url } };
    return document(name, [start({}), ask, { id: "end", type: "end", output: {} }], ["start -> ask", "ask -> end"]);
  }

  async function begin(key: string): Promise<unknown> {
    while ((await api.call("GET", "/readyz")).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
    await api.app.runtime.lookAround();
    const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
    assert.equal(typeof json["workflowRunId"], "string", text);
    return json["workflowRunId"];
  }

  /** Both go on, one after the other, whichever gets the turn first. */
  async function bothEnd(key: string, runs: readonly unknown[], before: number): Promise<void> {
    for (let done = 0; done < runs.length; done++) {
      const asked = await gate.asked();
      assert.equal(gate.count - before, done + 1, "never two at once");
      asked.answer("ok");
    }
    for (const run of runs) assert.equal((await ended(api, key, run)).json["status"], "SUCCEED");
  }

  test("one that was killed is given up after its lease, and what it held is free", async () => {
    const known = await workers();
    const doomed: Running = project.start(["start", "--role", "worker", "--port", "0"], {
      env: {
        MILLRACE_DATABASE_URL: house.databaseUrl,
        MILLRACE_SECRET_KEY: house.secretKey,
        MILLRACE_EGRESS_ALLOW: "127.0.0.1",
        MILLRACE_ENGINE: "restate",
        MILLRACE_RESTATE_URL: house.restate.ingress,
        MILLRACE_RESTATE_ADMIN_URL: house.restate.admin,
        MILLRACE_WORKER_PORT: "0",
      },
    });
    const owner = await newWorker(known);
    const { key } = await api.publish(narrow("killed"));
    const first = await begin(key);
    await gate.asked();
    // Whatever is accepted from now on is hosted there.
    await house.server({ role: "worker" });
    const second = await begin(key);
    await doomed.end("SIGKILL");
    const killedAt = performance.now();
    const { count } = gate;
    assert.ok((await workers()).has(owner), "nobody knows yet that it is gone");
    while ((await workers()).has(owner)) await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(performance.now() - killedAt > LEASE_MS / 2, "a worker that is only late is not given up");
    await bothEnd(key, [first, second], count);
  });

  test("one that stops in order holds nothing from then on", async () => {
    const known = await workers();
    const leaving = await house.server({ role: "worker" });
    const owner = await newWorker(known);
    const { key } = await api.publish(narrow("resigned"));
    const first = await begin(key);
    await gate.asked();
    await house.server({ role: "worker" });
    const second = await begin(key);
    const { count } = gate;
    const leftAt = performance.now();
    await leaving.close();
    assert.ok(!(await workers()).has(owner));
    assert.ok(performance.now() - leftAt < LEASE_MS, "nobody waited for its lease");
    await bothEnd(key, [first, second], count);
  });
});
