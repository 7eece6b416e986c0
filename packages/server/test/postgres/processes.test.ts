import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { systemClock } from "#clock";
import { LEASE_MS } from "#store/lease";
import { newDatabase } from "#store/postgres/testing/fixture";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, slow, start, todayNews } from "#testing/workflows";
import { Project, urlOf } from "../cli/harness.ts";

const ADMIN_KEY = `mr_${"A1b2".repeat(10)}`;

describe("several processes on one PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const secretKey = randomBytes(32).toString("base64");
  let postgres: PostgresServer;
  let databaseUrl: string;
  let servers: TestServer[];
  /** Of the monotonic clock of all servers, in ms. */
  let ahead = 0;

  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.close());
  beforeEach(() => {
    databaseUrl = newDatabase(postgres);
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
  });

  async function open(): Promise<TestServer> {
    const clock = { ...systemClock, mono: () => systemClock.mono() + ahead };
    const settings = { databaseUrl, secretKey, egressAllow: "127.0.0.1" };
    const server = await startTestServer({ settings, surroundings: { clock } });
    servers.push(server);
    return server;
  }

  test("one answers what another one was asked, in the same bytes", async () => {
    const [a, b] = [await open(), await open()];
    const { key } = await a.publish(todayNews);
    const invoked = await b.invoke(key, { input: { topic: "AI" } });
    assert.deepEqual([invoked.status, invoked.json["status"]], [200, "SUCCEED"], invoked.text);
    const runId = invoked.json["workflowRunId"];
    assert.equal((await a.query(key, runId)).text, (await b.query(key, runId)).text);
    assert.deepEqual((await a.query(key, runId)).json["output"], { news: [{ summary: "AI today", media: "Wire" }] });
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

  test("a process that stops in order leaves its run to the others", async () => {
    const [a, b] = [await open(), await open()];
    const { key } = await a.publish(slow);
    const { json } = await a.invoke(key, { input: { ms: 500 }, isAsync: true });
    await a.close();
    servers = [b];
    ahead += LEASE_MS;
    await b.app.runtime.lookAround();
    ahead += LEASE_MS;
    await b.app.runtime.lookAround();
    assert.deepEqual((await ended(b, key, json["workflowRunId"]))["output"], { waited: 500 });
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
      await a.close();
      servers = [b];
      assert.equal((await invoke(b, "third")).status, 200);
      (await gate.asked()).answer("ok");
      assert.equal(gate.count, 3);
    } finally {
      await gate.close();
    }
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
      const asks = document(
        "asks",
        [
          start({}),
          { id: "ask", type: "http", request: { method: "POST", url: gate.url } },
          { id: "end", type: "end", output: { answer: "{{ ask.body }}" } },
        ],
        ["start -> ask", "ask -> end"],
      );
      const { key } = await b.publish(asks);
      const env = {
        MILLRACE_DATABASE_URL: databaseUrl,
        MILLRACE_SECRET_KEY: secretKey,
        MILLRACE_ADMIN_KEY: ADMIN_KEY,
        MILLRACE_EGRESS_ALLOW: "127.0.0.1",
      };
      const a = project.start(["start", "--port", "0"], { env });
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
      ahead += LEASE_MS;
      await b.app.runtime.lookAround();
      const second = await gate.asked();
      second.answer("done");
      assert.deepEqual(await ended(b, key, workflowRunId).then(({ status, output }) => [status, output]), ["SUCCEED", { answer: "done" }]);
      assert.equal(second.idempotencyKey, first.idempotencyKey);
      assert.equal(gate.count, 2);
    });
  });

  async function ended(server: TestServer, key: string, runId: unknown) {
    for (;;) {
      const { json } = await server.query(key, runId);
      if (json["endTime"] !== undefined) return json;
    }
  }
});

interface Asked {
  readonly idempotencyKey: string | undefined;
  answer(text: string): void;
}

interface Gate {
  readonly url: string;
  readonly count: number;
  /** Resolves with the next request, which is answered when the test says so. */
  asked(): Promise<Asked>;
  close(): Promise<void>;
}

async function openGate(): Promise<Gate> {
  const came: Asked[] = [];
  const waiting: Array<(asked: Asked) => void> = [];
  let count = 0;
  const server: Server = createServer((request, response: ServerResponse) => {
    count += 1;
    const header = request.headers["idempotency-key"];
    const asked = { idempotencyKey: Array.isArray(header) ? header[0] : header, answer: (text: string) => void response.end(text) };
    const next = waiting.shift();
    if (next) next(asked);
    else came.push(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get count() {
      return count;
    },
    asked: () => {
      const next = came.shift();
      return next ? Promise.resolve(next) : new Promise((resolve) => waiting.push(resolve));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
