import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DEFAULT_TENANT } from "#app";
import { hasPostgres } from "#testing/database-servers";
import type { TestServer } from "#testing/server";
import { asking, echo } from "#testing/workflows";
import { EventStream } from "../wire/event-stream.ts";
import { Processes } from "./harness.ts";

describe("a page at one process", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const processes = new Processes();
  const streams: EventStream[] = [];
  before(() => processes.begin());
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.cut();
    await processes.close();
  });
  after(() => processes.end());

  /** A page that has been told that it hears of everything from now on. */
  async function read(server: TestServer): Promise<EventStream> {
    const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const stream = await EventStream.open(server, "", { key, path: "/api/v1/events" });
    streams.push(stream);
    await stream.until(({ event }) => event === "open");
    return stream;
  }

  test("is told of what runs at another, of its questions and of what was refused there", async () => {
    processes.newDatabase();
    const [page, other] = [await processes.open(), await processes.open()];
    const { key } = await other.publish(echo);
    const { key: asks } = await other.publish(asking);
    const stream = await read(page);
    const { json } = await other.invoke(key, { input: { value: 1 } });
    const run = await stream.until(({ event, data }) => event === "run" && data["status"] === "SUCCEED");
    assert.equal(run.data["id"], json["workflowRunId"]);
    const { json: asked } = await other.invoke(asks, { input: {}, isAsync: true });
    const question = await stream.until(({ event }) => event === "approval");
    assert.equal(question.data["runId"], asked["workflowRunId"]);
    const { json: refused } = await other.invoke(key, { input: "no object" });
    await stream.until(({ event }) => event === "request");
    const { key: admin } = await page.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const listed = await page.call("GET", `/api/v1/requests?requestId=${String(refused["requestId"])}`, { key: admin });
    assert.equal((listed.json["data"] as unknown[]).length, 1);
  });

  test("that drives no runs is told of what a worker drives", async () => {
    processes.newDatabase();
    const [page] = [await processes.open({ role: "api" }), await processes.open({ role: "worker" })];
    const { key } = await page.publish(echo);
    const stream = await read(page);
    const { json } = await page.invoke(key, { input: { value: 1 }, isAsync: true });
    const run = await stream.until(({ event, data }) => event === "run" && data["status"] === "SUCCEED");
    assert.equal(run.data["id"], json["workflowRunId"]);
  });

  test("costs the others nothing while there is none, and is told of what changes as it is opened", async () => {
    processes.newDatabase();
    const [page, other] = [await processes.open(), await processes.open()];
    const { key } = await other.publish(echo);
    const told: string[] = [];
    page.app.store.shared?.hear(({ kind, id }) => kind === "changed" && told.push(id));
    await other.invoke(key, { input: { value: 1 } });
    await other.app.store.shared?.told();
    await page.app.store.shared?.caughtUp();
    assert.equal(told.length, 0);
    const stream = await read(page);
    const { json } = await other.invoke(key, { input: { value: 2 } });
    await stream.until(({ event }) => event === "run");
    assert.ok(told.includes(`run ${String(json["workflowRunId"])}`));
  });

  test("whose process heard nothing for a while has it read everything anew", async () => {
    processes.newDatabase();
    const page = await processes.open();
    const stream = await read(page);
    await processes.outage();
    await processes.outageOver();
    await stream.until(({ event }) => event === "reload");
  });
});
