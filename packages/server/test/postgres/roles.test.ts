import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, test } from "node:test";
import { newDatabase } from "#store/postgres/testing/fixture";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";
import { errorOf, Project } from "../cli/harness.ts";

describe("roles of processes on one PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let postgres: PostgresServer;
  let databaseUrl: string;
  const secretKey = randomBytes(32).toString("base64");
  const servers: TestServer[] = [];

  before(async () => {
    postgres = await startPostgres();
    databaseUrl = newDatabase(postgres);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  after(() => postgres.close());

  async function open(role: "api" | "worker"): Promise<TestServer> {
    const server = await startTestServer({ settings: { databaseUrl, secretKey, role, egressAllow: "127.0.0.1" } });
    servers.push(server);
    return server;
  }

  test("a worker answers for its health and for nothing else", async () => {
    const worker = await open("worker");
    for (const path of ["/healthz", "/readyz", "/version", "/metrics"]) assert.equal((await worker.call("GET", path)).status, 200, path);
    for (const path of ["/", "/openapi.json", "/api/v1/workflows", "/login"])
      assert.equal((await worker.call("GET", path)).status, 404, path);
    assert.equal((await worker.invoke("mr_any", { input: {} })).status, 404);
  });

  test("what falls to one process at a time falls to a worker: a webhook waits for one", async () => {
    const api = await open("api");
    const { key } = await api.publish(echo);
    const receiver = await startReceiver();
    const came = new Promise<void>((resolve) => {
      receiver.answer("/told", (response) => {
        response.end("ok");
        resolve();
      });
    });
    try {
      const webhook = [{ method: "POST", url: receiver.url("/told") }];
      assert.equal((await api.invoke(key, { input: { value: 1 }, isAsync: true, webhook })).status, 200);
      await open("worker");
      await came;
      assert.equal(receiver.received.length, 1);
    } finally {
      receiver.close();
    }
  });

  test("a role without a database to share is refused", async () => {
    const project = new Project();
    const refused = await project.run(["start", "--role", "worker", "--json"]);
    await project.dispose();
    assert.deepEqual([refused.status, refused.stdout], [2, ""]);
    assert.match(
      errorOf(refused).message,
      /MILLRACE_ROLE: "worker" is not valid; expected all, unless MILLRACE_DATABASE_URL names a database/,
    );
  });
});
