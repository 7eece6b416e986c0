import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, test } from "node:test";
import { newDatabase } from "#store/postgres/testing/fixture";
import type { WordKind } from "#store/shared-store";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, start } from "#testing/workflows";
import { errorOf, Project } from "../cli/harness.ts";
import { EventStream } from "../wire/event-stream.ts";
import { asking, ended, openGate } from "./harness.ts";

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

  async function open(role: "api" | "worker", settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const server = await startTestServer({ settings: { databaseUrl, secretKey, role, egressAllow: "127.0.0.1", ...settings } });
    servers.push(server);
    return server;
  }

  /** Resolves when another process says such a word. */
  const said = ({ app }: TestServer, wanted: WordKind) =>
    new Promise<void>((resolve) => void app.store.shared?.hear(({ kind }) => kind === wanted && resolve()));

  test("a worker answers for its health and for nothing else", async () => {
    const worker = await open("worker");
    for (const path of ["/healthz", "/readyz", "/version", "/metrics"]) assert.equal((await worker.call("GET", path)).status, 200, path);
    for (const path of ["/", "/openapi.json", "/api/v1/workflows", "/login"])
      assert.equal((await worker.call("GET", path)).status, 404, path);
    assert.equal((await worker.invoke("mr_any", { input: {} })).status, 404);
  });

  test("what one that answers accepts, a worker drives, and whoever waits for it is told", async () => {
    const [api] = [await open("api"), await open("worker")];
    const { key } = await api.publish(echo);
    const { status, json } = await api.invoke(key, { input: { value: 1 } });
    assert.deepEqual([status, json["status"], json["output"]], [200, "SUCCEED", { value: 1 }]);
    const [, worker] = servers;
    assert.match((await worker?.call("GET", "/metrics"))?.text ?? "", /^millrace_runs_ended_total\{status="SUCCEED"\} 1$/m);

    assert.doesNotMatch((await api.call("GET", "/metrics")).text, /^millrace_runs_ended_total\{status="SUCCEED"\} [1-9]/m);
  });

  test("a run waits for the first worker; what sleeps there is cancelled through one that answers", async () => {
    const api = await open("api");
    const waits = document(
      "waits",
      [start({}), { id: "pause", type: "delay", forMs: 3_600_000 }, { id: "end", type: "end", output: { done: true } }],
      ["start -> pause", "pause -> end"],
    );
    const { key } = await api.publish(waits);
    const runId = String((await api.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]);
    assert.deepEqual((await api.query(key, runId)).json["status"], "PENDING");
    await open("worker");
    while ((await api.query(key, runId)).json["waitingFor"] === undefined);
    assert.equal(await api.app.runtime.cancel("default", runId), true);
    assert.equal((await api.query(key, runId)).json["status"], "FAILED");
  });

  test("a limit of runs holds: who finds no place in the line is refused where it asks", async () => {
    const [api] = [await open("api"), await open("worker")];
    const gate = await openGate();
    try {
      const { key } = await api.publish({ ...asking(gate), concurrency: { limit: 1, queue: 1 } });
      const invoke = () => api.invoke(key, { input: {}, isAsync: true });
      const first = await invoke();
      const asked = await gate.asked();
      const [second, third] = [await invoke(), await invoke()];
      assert.deepEqual([first.status, second.status, third.status], [200, 200, 429], third.text);
      asked.answer("one");
      (await gate.asked()).answer("two");
      assert.deepEqual((await ended(api, key, second.json["workflowRunId"]))["output"], { answer: "two" });
      assert.equal(gate.count, 2);
    } finally {
      await gate.close();
    }
  });

  test("what a model shows while it answers reaches whoever follows the run at another process", async () => {
    const [api, worker] = [await open("api"), await open("worker")];
    const listeners = "SELECT pid FROM pg_stat_activity WHERE application_name = 'millrace changes' ORDER BY backend_start DESC";
    const listener = Number(postgres.sql(`${listeners} OFFSET 1 LIMIT 1`));
    const gate = await openGate();
    try {
      const shown = document(
        "shown",
        [
          start({ text: { type: "string" } }),
          { id: "gate", type: "http", request: { method: "POST", url: gate.url } },
          { id: "answer", type: "llm", prompt: "Summarise:\n{{ start.text }}" },
          { id: "end", type: "end", text: "{{ answer.text }}" },
        ],
        ["start -> gate", "gate -> answer", "answer -> end"],
      );
      const { key } = await api.publish(shown);
      const text = `The tides \u{1f30a} are made by ${"the moon and ".repeat(80)}the sun. The sea follows them.`;
      const { json } = await api.invoke(key, { input: { text }, isAsync: true });
      const asked = await gate.asked();
      const watched = said(worker, "watch");
      const stream = await EventStream.open(api, String(json["workflowRunId"]), { key });
      await stream.until(({ event, data }) => event === "node.started" && data["nodeId"] === "gate");
      await watched;
      // The one that follows hears nothing for a while, and finds by itself what came of the attempt: what it showed comes before.
      process.kill(listener, "SIGSTOP");
      asked.answer("{}");
      const { output } = await ended(api, key, json["workflowRunId"]);
      const read = stream.read();
      const looksTwice = said(worker, "follow").then(() => said(worker, "follow"));
      await Promise.race([read, looksTwice]);
      process.kill(listener, "SIGCONT");
      const events = await read;
      const deltas = events.filter(({ event }) => event === "node.delta");
      assert.ok(deltas.length > 0);
      assert.deepEqual(Object.values(output as object), [deltas.map(({ data }) => data["text"]).join("")]);
      const names = events.filter(({ event, data }) => event === "node.delta" || data["nodeId"] === "answer").map(({ event }) => event);
      assert.deepEqual([names[0], names.at(-1), new Set(names.slice(1, -1))], ["node.started", "node.finished", new Set(["node.delta"])]);
    } finally {
      process.kill(listener, "SIGCONT");
      await gate.close();
    }
  });

  test("as many runs as may wait for a worker: one more is refused, until a worker has come", async () => {
    const api = await open("api", { maxRuns: "2" });
    const { key } = await api.publish(echo);
    const invoke = () => api.invoke(key, { input: { value: 1 }, isAsync: true });
    const answers = [await invoke(), await invoke(), await invoke()];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 503],
    );
    assert.deepEqual([answers[2]?.json["type"], answers[2]?.headers["retry-after"]], ["/errors/overloaded", "1"]);
    await open("worker");
    for (const { json } of answers.slice(0, 2)) await ended(api, key, json["workflowRunId"]);
    assert.equal((await invoke()).status, 200);
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
