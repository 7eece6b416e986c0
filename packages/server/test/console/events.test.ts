import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DEFAULT_TENANT } from "#app";
import { startTestServer, type TestServer } from "#testing/server";
import { asking, echo } from "#testing/workflows";
import { EventStream, type ReceivedEvent } from "../wire/event-stream.ts";

let server: TestServer;
let admin: string;
const streams: EventStream[] = [];
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(async () => {
  for (const stream of streams) stream.cut();
  await server.close();
});

async function open(lastEventId?: number): Promise<EventStream> {
  const stream = await EventStream.open(server, "", {
    key: admin,
    path: "/api/v1/events",
    ...(lastEventId !== undefined && { lastEventId }),
  });
  streams.push(stream);
  return stream;
}

test("a page is told of runs, workflows and questions as they change, with what it shows of them", async () => {
  const stream = await open();
  const hello = await stream.until(({ event }) => event === "open");
  assert.ok(hello.id > 0);
  const { id, key } = await server.publish(echo);
  const workflow = await stream.until(({ event, data }) => event === "workflow" && data["liveVersion"] !== undefined);
  assert.deepEqual([workflow.data["id"], workflow.data["name"]], [id, "echo"]);
  const { json } = await server.invoke(key, { input: { value: 1 } });
  const run = await stream.until(({ event, data }) => event === "run" && data["status"] === "SUCCEED");
  assert.deepEqual([run.data["id"], run.data["workflowName"], run.data["trigger"]], [json["workflowRunId"], "echo", "api"]);
  const { key: asks } = await server.publish(asking);
  const { json: asked } = await server.invoke(asks, { input: {}, isAsync: true });
  let waiting = {} as ReceivedEvent;
  const approval = await stream.until((one) => {
    if (one.event === "run" && one.data["id"] === asked["workflowRunId"] && one.data["waitingFor"] !== undefined) waiting = one;
    return one.event === "approval" && waiting.data !== undefined;
  });
  assert.equal(approval.data["runId"], asked["workflowRunId"]);
  assert.equal((waiting.data["waitingFor"] as { type: string }).type, "human");
  stream.cut();
});

test("a stream that was cut goes on with what it missed; from before the server began, the page is told to read anew", async () => {
  const first = await open();
  const { id: from } = await first.until(({ event }) => event === "open");
  first.cut();
  const { id } = await server.publish({ ...echo, name: "missed" });
  const second = await open(from);
  const missed = await second.until(({ event }) => event === "workflow");
  assert.equal(missed.data["id"], id);
  second.cut();
  const stale = await open(1_000);
  assert.equal((await stale.until(() => true)).event, "reload");
  stale.cut();
});

test("a request that was refused is told of, and is in the list by then", async () => {
  const { key } = await server.publish({ ...echo, name: "refusing" });
  const stream = await open();
  await stream.until(({ event }) => event === "open");
  const { json } = await server.invoke(key, { input: "no object" });
  await stream.until(({ event }) => event === "request");
  const listed = await server.call("GET", `/api/v1/requests?requestId=${String(json["requestId"])}`, { key: admin });
  assert.equal((listed.json["data"] as unknown[]).length, 1);
  stream.cut();
});

test("a knowledge base tells of its documents as they are indexed, and when one is gone", async () => {
  const call = (method: string, path: string, body?: object) => server.call(method, path, { key: admin, ...(body && { body }) });
  const { id: base } = (await call("POST", "/api/v1/knowledge", { name: "handbook" })).json;
  const stream = await open();
  await stream.until(({ event }) => event === "open");
  const toldOf = () => stream.until(({ event, data }) => event === "knowledge" && data["id"] === base);
  const documents = `/api/v1/knowledge/${String(base)}/documents`;
  const { id } = (await call("POST", documents, { name: "leave.md", text: "Thirty days of leave." })).json;
  let state: unknown;
  do {
    await toldOf();
    state = (await call("GET", `${documents}/${String(id)}`)).json["state"];
  } while (state === "waiting");
  assert.equal(state, "indexed");
  await call("DELETE", `${documents}/${String(id)}`);
  do await toldOf();
  while ((await call("GET", `${documents}/${String(id)}`)).status !== 404);
  stream.cut();
});

test("who is let in no more is told nothing more", async () => {
  const { row, key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const stream = await EventStream.open(server, "", { key, path: "/api/v1/events" });
  await stream.until(({ event }) => event === "open");
  await server.app.apiKeys.revoke(DEFAULT_TENANT, row.id);
  await server.publish({ ...echo, name: "after" });
  assert.deepEqual(
    (await stream.read()).filter(({ event }) => event === "workflow"),
    [],
  );
});

test("a burst of changes is told in bounded batches, and the stream goes on", async () => {
  const { key } = await server.publish({ ...echo, name: "many" });
  const stream = await open();
  await stream.until(({ event }) => event === "open");
  const runs = await Promise.all(Array.from({ length: 300 }, () => server.invoke(key, { input: {}, isAsync: true })));
  assert.ok(runs.every(({ status }) => status === 200));
  await stream.until(({ event }) => event === "reload" || event === "run");
  stream.cut();
  // What changes later is then not one of too many.
  for (const { json } of runs) while ((await server.query(key, json["workflowRunId"])).json["endTime"] === undefined);
});

test("a deleted workflow is told by its id alone", async () => {
  const { id } = await server.publish({ ...echo, name: "gone" });
  const stream = await open();
  await stream.until(({ event }) => event === "open");
  await server.call("DELETE", `/api/v1/workflows/${id}`, { key: admin });
  const told = await stream.until(({ event }) => event === "workflow");
  assert.deepEqual(told.data, { id, deleted: true });
  stream.cut();
});

test("a run is followed by whoever may read runs, whatever its workflow; a key of one workflow may not", async () => {
  const { key } = await server.publish({ ...echo, name: "followed" });
  const { json } = await server.invoke(key, { input: { value: 1 } });
  const path = `/api/v1/runs/${String(json["workflowRunId"])}/events`;
  const stream = await EventStream.open(server, "", { key: admin, path });
  assert.equal((await stream.read()).at(-1)?.event, "run.finished");
  for (const at of [path, "/api/v1/events"]) assert.equal((await server.call("GET", at, { key })).status, 403);
  assert.equal((await server.call("GET", "/api/v1/runs/01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10/events", { key: admin })).status, 404);
  const odd = await server.call("GET", "/api/v1/events", { key: admin, headers: { "Last-Event-ID": "x" } });
  assert.equal(odd.status, 400);
});
