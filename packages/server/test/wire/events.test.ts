import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { NodeEvent, RunStartedEvent } from "@millrace/contract";
import fc from "fast-check";
import { Check } from "typebox/value";
import { MovableClock } from "#testing/clock";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneServer } from "#testing/store-database";
import { document, echo, failing, start } from "#testing/workflows";
import { EventStream, type ReceivedEvent } from "./event-stream.ts";

// GET /v1/workflow/run/{run}/events, through real sockets.

let server: TestServer;
let receiver: Server;
let port: number;
/** What an HTTP node's call does; by default it is answered at once. */
let onEffect: (response: ServerResponse) => void;
const answerAtOnce = (response: ServerResponse) => void response.writeHead(200, { "Content-Type": "application/json" }).end("{}");

before(async () => {
  onEffect = answerAtOnce;
  receiver = createServer((request, response) => {
    request.resume();
    onEffect(response);
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  port = (receiver.address() as AddressInfo).port;
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${port}`, maxEventStreams: "3" } });
});
after(async () => {
  await server.close();
  receiver.closeAllConnections();
  receiver.close();
});

const call = (id: string) => ({ id, type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/`, body: { json: {} } } });

/** Calls in a row, then one in each item of a batch. */
const calling = (name: string) =>
  document(
    name,
    [
      start({ items: { type: "array", default: [] } }),
      call("first"),
      { ...call("second"), name: "Second" },
      { id: "each", type: "batch", items: "{{ start.items }}", body: { nodes: [call("inner")], edges: [] } },
      { id: "end", type: "end", output: { n: "{{ each.count }}" } },
    ],
    ["start -> first", "first -> second", "second -> each", "each -> end"],
  );

const NAMES: { readonly [type: string]: string } = {
  "run-started": "run.started",
  "node-started": "node.started",
  "node-finished": "node.finished",
  "node-failed": "node.failed",
  "run-finished": "run.finished",
};

/** Number and name of every event that the journal holds. */
async function expected(runId: string): Promise<[number, string][]> {
  const journal = await server.app.store.runs.journal("default", runId);
  return journal.flatMap(({ type }, seq): [number, string][] => (NAMES[type] === undefined ? [] : [[seq, NAMES[type]]]));
}

const kinds = (events: readonly ReceivedEvent[]) => events.map(({ id, event }): [number, string] => [id, event]);

const asyncRun = async (key: string, input: object) => String((await server.invoke(key, { input, isAsync: true })).json["workflowRunId"]);

test("a run is followed from its start to its body, and its events fit the contract", async () => {
  const { key } = await server.publish(calling("followed"));
  const runId = await asyncRun(key, { items: [1, 2] });
  const stream = await EventStream.open(server, runId, { key });
  assert.equal(stream.response.headers["content-type"], "text/event-stream");
  assert.equal(stream.response.headers["cache-control"], "no-store");
  assert.match(String(stream.response.headers["x-run-url"]), new RegExp(`/runs/${runId}$`));
  const events = await stream.read();
  assert.deepEqual(kinds(events), await expected(runId));
  assert.equal(events.at(-1)?.text, (await server.query(key, runId)).text);
  const [first] = events;
  assert.ok(first && Check(RunStartedEvent, first.data), first?.text);
  for (const { event, data, text } of events) assert.ok(!event.startsWith("node.") || Check(NodeEvent, data), text);
  const second = events.find(({ event, data }) => event === "node.finished" && data["nodeId"] === "second");
  assert.deepEqual([second?.data["nodeName"], second?.data["path"], second?.data["port"]], ["Second", "second", "out"]);
  assert.ok(events.some(({ event, data }) => event === "node.started" && data["path"] === "each[1]/inner" && data["attempt"] === 1));
});

test("a run that has ended replays and ends, the failed one with its node's error", async () => {
  const { key } = await server.publish(failing);
  const ended = await server.invoke(key, { input: {} });
  const runId = String(ended.json["workflowRunId"]);
  const events = await (await EventStream.open(server, runId, { key })).read();
  assert.deepEqual(kinds(events), await expected(runId));
  const failed = events.find(({ event }) => event === "node.failed");
  assert.equal(failed?.data["nodeName"], "Boom");
  assert.deepEqual(failed?.data["error"], ended.json["error"]);
  assert.equal(events.at(-1)?.text, ended.text);
});

test("who has seen everything of an ended run is told so, and an EventSource does not come back", async () => {
  const { key } = await server.publish(echo);
  const runId = String((await server.invoke(key, { input: {} })).json["workflowRunId"]);
  const last = (await expected(runId)).at(-1)?.[0] ?? 0;
  const seen = await EventStream.open(server, runId, { key, lastEventId: last });
  assert.equal(seen.response.statusCode, 204);
  seen.cut();
  const rest = await EventStream.open(server, runId, { key, after: last - 1 });
  assert.deepEqual(kinds(await rest.read()), [[last, "run.finished"]]);
  const newer = await EventStream.open(server, runId, { key, after: 0, lastEventId: last - 1 });
  assert.deepEqual(kinds(await newer.read()), [[last, "run.finished"]]);
});

test("W41 a stream cut anywhere and resumed yields every durable event once, in order", async () => {
  const { key } = await server.publish(calling("cut"));
  const whole = 4_000;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.integer({ min: 1, max: whole }), { maxLength: 6 }),
      async (items, cuts) => {
        const runId = await asyncRun(key, { items: Array.from({ length: items }, (_, i) => i) });
        const events: ReceivedEvent[] = [];
        for (const bytes of [...cuts, Number.POSITIVE_INFINITY]) {
          const seen = events.at(-1);
          if (seen?.event === "run.finished") break;
          const stream = await EventStream.open(server, runId, { key, ...(seen && { lastEventId: seen.id }) });
          events.push(...(await stream.read(bytes)));
        }
        assert.deepEqual(kinds(events), await expected(runId));
        assert.equal(events.at(-1)?.text, (await server.query(key, runId)).text);
      },
    ),
    { numRuns: 40 },
  );
});

test("only what is durable is sent, and a stream that is closed does not stop the run", async () => {
  const { key } = await server.publish(calling("durable"));
  const stalled = Promise.withResolvers<ServerResponse>();
  onEffect = stalled.resolve;
  const runId = await asyncRun(key, {});
  const stream = await EventStream.open(server, runId, { key });
  const begun = await stream.until(({ event, data }) => event === "node.started" && data["nodeId"] === "first");
  assert.ok(begun.id < (await server.app.store.runs.journal("default", runId)).length);
  stream.cut();
  onEffect = answerAtOnce;
  answerAtOnce(await stalled.promise);
  const events = await (await EventStream.open(server, runId, { key, lastEventId: begun.id })).read();
  assert.equal(events.at(-1)?.data["status"], "SUCCEED");
});

test("cancelling a run ends its stream with the run's body", async () => {
  const { key } = await server.publish(calling("cancelled"));
  onEffect = () => undefined;
  const runId = await asyncRun(key, {});
  const stream = await EventStream.open(server, runId, { key });
  await stream.until(({ event }) => event === "node.started");
  const cancelled = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
  const end = await stream.until(({ event }) => event === "run.finished");
  assert.equal(end.text, cancelled.text);
  onEffect = answerAtOnce;
});

test("a reader that does not read holds nothing in memory, and misses nothing", async () => {
  const items = 150;
  const large = document(
    "large",
    [
      start({ text: { type: "string" } }),
      {
        id: "each",
        type: "batch",
        items: `{{ range(${items}) }}`,
        body: { nodes: [{ id: "t", type: "template", text: "{{ start.text }}" }], edges: [] },
      },
      { id: "end", type: "end", output: {} },
    ],
    ["start -> each", "each -> end"],
  );
  const { key } = await server.publish(large);
  const ended = await server.invoke(key, { input: { text: "x".repeat(200_000) } });
  assert.equal(ended.json["status"], "SUCCEED", ended.text);
  const runId = String(ended.json["workflowRunId"]);
  const served = new Promise<ServerResponse>((resolve) => {
    server.app.server.server.once("request", (_request, response) => resolve(response));
  });
  const stream = await EventStream.open(server, runId, { key });
  stream.response.pause();
  const response = await served;
  while (!response.writableNeedDrain) await new Promise(setImmediate);
  assert.ok(response.writableLength < 1_000_000, `${response.writableLength} bytes wait for a reader that does not read`);
  assert.deepEqual(kinds(await stream.read()), await expected(runId));
});

test("beyond its streams the server says 503 and when to come back; a closed stream makes room", ofOneServer, async () => {
  const { key } = await server.publish(calling("crowded"));
  onEffect = () => undefined;
  const runId = await asyncRun(key, {});
  const open = await Promise.all(Array.from({ length: 3 }, () => EventStream.open(server, runId, { key })));
  const refused = await server.call("GET", `/v1/workflow/run/${runId}/events`, { key });
  assert.equal(refused.status, 503, refused.text);
  assert.equal(refused.json["type"], "/errors/overloaded");
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
  open[0]?.cut();
  let next = await EventStream.open(server, runId, { key });
  while (next.response.statusCode === 503) next = await EventStream.open(server, runId, { key });
  assert.equal(next.response.statusCode, 200);
  for (const stream of [...open, next]) stream.cut();
  await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
  onEffect = answerAtOnce;
});

test("W13 unknown, random and foreign runs are one and the same 404; a place that is none is a 400", async () => {
  const { key } = await server.publish(echo);
  const { key: other } = await server.publish(failing);
  const runId = String((await server.invoke(other, { input: {} })).json["workflowRunId"]);
  for (const id of [runId, "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", "no-such-thing"]) {
    const { status, json } = await server.call("GET", `/v1/workflow/run/${id}/events`, { key });
    assert.deepEqual([status, json["code"], json["message"]], [404, 40348, "No such run."]);
  }
  for (const [query, headers] of [
    ["?after=x", {}],
    ["", { "Last-Event-ID": "-1" }],
  ] as const) {
    assert.equal((await server.call("GET", `/v1/workflow/run/${runId}/events${query}`, { key: other, headers })).status, 400);
  }
});

test("a quiet stream shows a sign of life every 15 s, and a shutdown ends it before its run has ended", async () => {
  const clock = new MovableClock();
  const own = await startTestServer({ settings: { egressAllow: `127.0.0.1:${port}` }, surroundings: { clock } });
  const patient = { ...call("only"), timeoutMs: 86_400_000 };
  const { key } = await own.publish(
    document("stopped", [start({}), patient, { id: "end", type: "end", output: {} }], ["start -> only", "only -> end"]),
  );
  onEffect = () => undefined;
  const runId = String((await own.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]);
  const stream = await EventStream.open(own, runId, { key });
  await stream.until(({ event }) => event === "node.started");
  let sign = "";
  const quiet = stream.chunk().then((chunk) => {
    sign = chunk;
  });
  // The event above may have come before its stream waits for the next: time goes on until it does.
  for (; sign === ""; await new Promise(setImmediate)) clock.forward(1_000);
  await quiet;
  assert.match(sign, /^(:\n\n)+$/);
  const rest = stream.read();
  await own.close();
  assert.deepEqual(await rest, []);
  onEffect = answerAtOnce;
});
