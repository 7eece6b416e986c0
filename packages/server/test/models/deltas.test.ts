import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { NodeDeltaEvent } from "@millrace/contract";
import { Client, type RunEvent } from "@millrace/sdk";
import { Check } from "typebox/value";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { EventStream, type ReceivedEvent } from "../wire/event-stream.ts";
import { connectModels, MODEL } from "./harness.ts";

// What a model node shows while it works, to whoever follows the run: through a real socket, with the offline model.

const TEXT = "The tides are made by the moon. The moon pulls the sea. The sea follows the moon.";
const SECRET = "sk-first-half. Second-half-9173";

let server: TestServer;
let gate: Server;
let port: number;
/** The call of a run that waits until somebody listens. */
let held: PromiseWithResolvers<ServerResponse>;

before(async () => {
  gate = createServer((request, response) => {
    request.resume();
    held.resolve(response);
  });
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  port = (gate.address() as AddressInfo).port;
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${port}` } });
  const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const put = await server.call("PUT", "/api/v1/secrets/TOKEN", { key, body: { value: SECRET } });
  assert.equal(put.status, 200, put.text);
});
after(async () => {
  await server.close();
  gate.closeAllConnections();
  gate.close();
});

/** Waits at the gate, then asks the model; `headers` of the gate's request. */
const gated = (name: string, headers = {}) =>
  document(
    name,
    [
      start({ text: { type: "string" } }),
      { id: "gate", type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/`, headers } },
      { id: "answer", type: "llm", name: "Answer", prompt: "Summarise:\n{{ start.text }}" },
      { id: "end", type: "end", text: "{{ answer.text }}" },
    ],
    ["start -> gate", "gate -> answer", "answer -> end"],
  );

/** Begins a run, listens, and only then lets it reach the model. */
async function followed(key: string, text: string): Promise<{ runId: string; events: readonly ReceivedEvent[] }> {
  held = Promise.withResolvers();
  const { json } = await server.invoke(key, { input: { text }, isAsync: true });
  const runId = String(json["workflowRunId"]);
  const response = await held.promise;
  const stream = await EventStream.open(server, runId, { key });
  await stream.until(({ event, data }) => event === "node.started" && data["nodeId"] === "gate");
  response.writeHead(200).end("{}");
  return { runId, events: await stream.read() };
}

const shownBy = (events: readonly ReceivedEvent[]) => events.filter(({ event }) => event === "node.delta");
const textOf = (events: readonly ReceivedEvent[]) => shownBy(events).reduce((text, { data }) => text + String(data["text"]), "");

test("pieces come between the node's start and its end, make the whole text, and have no id", async () => {
  const { key } = await server.publish(gated("shown"));
  const { events } = await followed(key, TEXT);
  assert.equal(textOf(events), TEXT);
  for (const { id, data, text } of shownBy(events)) {
    assert.ok(Check(NodeDeltaEvent, data) && Number.isNaN(id), text);
    assert.deepEqual(
      [data["nodeId"], data["nodeName"], data["path"], data["attempt"], data["channel"]],
      ["answer", "Answer", "answer", 1, "text"],
    );
  }
  const names = events.filter(({ event, data }) => event === "node.delta" || data["nodeId"] === "answer").map(({ event }) => event);
  assert.equal(names[0], "node.started");
  assert.equal(names.at(-1), "node.finished");
  assert.ok(
    names.slice(1, -1).every((name) => name === "node.delta"),
    names.join(),
  );
});

test("a stream that is resumed, and a run that has ended, have the events with ids and no others", async () => {
  const { key } = await server.publish(gated("resumed"));
  const { runId, events } = await followed(key, TEXT);
  const durable = events.filter(({ event }) => event !== "node.delta").map(({ id, event }) => [id, event]);
  const again = await (await EventStream.open(server, runId, { key })).read();
  const gateStarted = again.find(({ event, data }) => event === "node.started" && data["nodeId"] === "gate");
  const whole = again.map(({ id, event }) => [id, event]);
  assert.deepEqual(whole.slice(-durable.length), durable);
  assert.equal(shownBy(again).length, 0);
  const rest = await (await EventStream.open(server, runId, { key, lastEventId: gateStarted?.id ?? -1 })).read();
  assert.deepEqual(
    rest.map(({ id, event }) => [id, event]),
    whole.filter(([id]) => Number(id) > (gateStarted?.id ?? -1)),
  );
  const journal = await server.app.store.runs.journal("default", runId);
  assert.equal(journal.filter(({ type }) => type === "node-finished").length, 4);
});

test("a secret of the workflow is in no piece, also where it is split over two", async () => {
  const { key } = await server.publish(gated("secretive", { Authorization: "Bearer {{ secrets.TOKEN }}" }));
  const { events } = await followed(key, `The key is ${SECRET} today. The key opens the door.`);
  assert.equal(textOf(events), "The key is *** today. The key opens the door.");
  const made = events.filter(({ event }) => event.startsWith("node."));
  for (const { text } of made) assert.ok(!/first-half|Second-half/.test(text), text);
});

test("the SDK yields pieces, typed", async () => {
  const { key } = await server.publish(gated("withSdk"));
  const client = new Client({ endpoint: `http://127.0.0.1:${server.port}`, apiKey: key });
  held = Promise.withResolvers();
  const handle = await client.workflows("withSdk").start({ text: TEXT });
  const response = await held.promise;
  let text = "";
  const events: RunEvent[] = [];
  for await (const event of client.runs.events(handle.workflowRunId)) {
    events.push(event);
    if (event.event === "node.started" && event.data.nodeId === "gate") response.writeHead(200).end("{}");
    if (event.event === "node.delta") text += event.data.text;
  }
  assert.equal(text, TEXT);
  assert.equal(events.at(-1)?.event, "run.finished");
});

test("a repeated attempt begins anew, under its own number", async (t) => {
  const chunk = (content: string, finish: string | null = null) => {
    const choice = { index: 0, delta: { content }, finish_reason: finish };
    return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices: [choice] })}

`;
  };
  const calls: ServerResponse[] = [];
  const provider = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write(chunk("Half "));
    if (calls.push(response) === 2) response.end(`${chunk("and whole.", "stop")}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const own = await startTestServer({ settings: { egressAllow: new URL(url).host } });
  t.after(async () => {
    await own.close();
    provider.closeAllConnections();
    provider.close();
  });
  await connectModels(own, url);
  const answer = { id: "answer", type: "llm", model: MODEL, prompt: "x", retry: { maxAttempts: 2, initialMs: 1, jitter: false } };
  const { key } = await own.publish(
    document("again", [start({}), answer, { id: "end", type: "end", text: "{{ answer.text }}" }], ["start -> answer", "answer -> end"]),
  );
  const { json } = await own.invoke(key, { input: {}, isAsync: true });
  const stream = await EventStream.open(own, String(json["workflowRunId"]), { key });
  const heard = (attempt: number) => stream.until(({ event, data }) => event === "node.delta" && data["attempt"] === attempt);
  // Whoever came too late for the first piece has come in time for the next.
  const first = heard(1);
  while (calls.length === 0) await new Promise(setImmediate);
  const more = setInterval(() => calls[0]?.write(chunk("more ")), 10);
  await first;
  clearInterval(more);
  calls[0]?.destroy();
  assert.match(String((await heard(2)).data["text"]), /^Half /);
  const end = await stream.until(({ event }) => event === "run.finished");
  assert.deepEqual(end.data["output"], { output: "Half and whole." });
});

test("JSON is shown when it is whole", async () => {
  const json = gated("whole");
  const nodes = (json["nodes"] as { id: string }[]).map((node) => (node.id === "answer" ? { ...node, output: "json" } : node));
  const { key } = await server.publish({ ...json, nodes });
  const { events } = await followed(key, TEXT);
  assert.equal(shownBy(events).length, 0);
  assert.equal(events.at(-1)?.data["status"], "SUCCEED");
});
