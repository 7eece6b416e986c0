import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { Client, type NodeDeltaEvent, type RunEvent } from "@millrace/sdk";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { connectModels, MODEL } from "../models/harness.ts";

// What the SDK shows of a run while it goes on: a provider that says its next piece when it is told to.

const writing = document(
  "writing",
  [
    start({ topic: { type: "string" } }),
    { id: "answer", type: "llm", name: "Answer", model: MODEL, prompt: "{{ start.topic }}" },
    { id: "end", type: "end", text: "{{ answer.text }}" },
  ],
  ["start -> answer", "answer -> end"],
);

let server: TestServer;
let client: Client;
/** The provider's answer that is under way. */
let speaking: PromiseWithResolvers<ServerResponse>;
const provider = createServer((request, answer) => {
  request.resume();
  answer.writeHead(200, { "Content-Type": "text/event-stream" });
  speaking.resolve(answer);
});
before(async () => {
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  server = await startTestServer({ settings: { egressAllow: new URL(url).host } });
  await connectModels(server, url);
  const { key } = await server.publish(writing);
  client = new Client({ endpoint: `http://127.0.0.1:${server.port}`, apiKey: key });
});
after(async () => {
  await server.close();
  provider.closeAllConnections();
  provider.close();
});

const say = async (content: string, finish: string | null = null) => {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  const line = `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices })}\n\n`;
  const answer = await speaking.promise;
  if (finish === null) answer.write(line);
  else answer.end(`${line}data: [DONE]\n\n`);
};
const isStarted = ({ event, data }: RunEvent) => event === "node.started" && "nodeId" in data && data.nodeId === "answer";

test("a stream gives the events of the run and the pieces between them, typed; then the run is there", async () => {
  speaking = Promise.withResolvers();
  const stream = await client.workflows("writing").stream({ topic: "tides" }, { userId: "u-1" });
  const names: string[] = [];
  let text = "";
  for await (const event of stream) {
    names.push(event.event);
    if (isStarted(event)) await say("The ");
    if (event.event !== "node.delta") continue;
    text += event.data.text;
    if (text === "The ") await say("moon.", "stop");
  }
  assert.equal(text, "The moon.");
  assert.deepEqual([names[0], names.at(-1)], ["run.started", "run.finished"]);
  const run = await stream.wait();
  assert.deepEqual(run.output, { output: "The moon." });
  assert.equal((await server.app.store.runs.get("default", null, stream.workflowRunId))?.userId, "u-1");
});

test("whoever leaves a stream comes back to where it was, by the same stream or by the id of the run; the run went on", async () => {
  speaking = Promise.withResolvers();
  const stream = await client.workflows("writing").stream({ topic: "tides" });
  for await (const event of stream) if (isStarted(event)) break;
  const seen = stream.lastEventId;
  assert.ok(seen !== undefined);
  const rest: RunEvent[] = [];
  const coming = (async () => {
    for await (const event of stream) rest.push(event);
  })();
  const pieces: NodeDeltaEvent[] = [];
  // Whoever is not there yet misses a piece: it is said again and again until one was heard.
  const saying = setInterval(() => void say("More. "), 10);
  for await (const piece of client.runs.stream(stream.workflowRunId, { after: seen }).deltas()) {
    clearInterval(saying);
    if (pieces.push(piece) === 1) await say("End.", "stop");
  }
  await coming;
  assert.ok(rest.every(({ id }) => id === undefined || id > seen));
  assert.equal(rest.at(-1)?.event, "run.finished");
  assert.ok(
    pieces.length > 0 && pieces.every(({ nodeName, attempt, channel }) => nodeName === "Answer" && attempt === 1 && channel === "text"),
  );
});

test("aborting stops the stream, and not the run", async () => {
  speaking = Promise.withResolvers();
  const leave = new AbortController();
  const stream = await client.workflows("writing").stream({ topic: "tides" }, { signal: leave.signal });
  await assert.rejects(
    async () => {
      for await (const event of stream) if (isStarted(event)) leave.abort(new Error("enough"));
    },
    { message: "enough" },
  );
  await say("Done.", "stop");
  const { output } = await client.runs.stream(stream.workflowRunId).wait();
  assert.deepEqual(output, { output: "Done." });
});
