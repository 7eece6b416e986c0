import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { after, before, describe, it } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { events, startPlayer } from "#testing/model-player";
import { KEY, startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { EventStream } from "../wire/event-stream.ts";

// Runs whose models are a provider's, through the front door and over real sockets.

/** A test that would wait for ever when it fails ends here. */
const HANGS = { timeout: 20_000 };

type Player = Awaited<ReturnType<typeof startPlayer>>;

/** Asks the model, and ends with all that it said. */
function asking(name: string, model: string, more: JsonObject = {}): JsonObject {
  const llm = { id: "ask", type: "llm", model, prompt: "{{ start.question }}", ...more };
  const end = { id: "end", type: "end", output: { text: "{{ ask.text }}", reasoning: "{{ ask.reasoning }}", usage: "{{ ask.usage }}" } };
  return document(name, [start({ question: { type: "string" } }), llm, end], ["start -> ask", "ask -> end"]);
}

const delta = (content: string) => ({ id: "1", created: 1, model: "m", choices: [{ index: 0, delta: { role: "assistant", content } }] });
const finished = { id: "1", created: 1, model: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };

describe("a run with models of a provider", HANGS, () => {
  let models: LLMock;
  let player: Player;
  let play: (answer: ServerResponse) => void;
  let server: TestServer;
  before(async () => {
    models = await startModelServer();
    models.onMessage("river", {
      content: "It carries the mill.",
      usage: { input_tokens: 12, output_tokens: 6, prompt_tokens: 12, completion_tokens: 6 },
    });
    player = await startPlayer((answer) => play(answer));
    const egressAllow = [models.url, player.url].map((url) => new URL(url).host).join(",");
    server = await startTestServer({ settings: { egressAllow } });
    await connect("openai", models.url, "openai", { type: "bearer", value: KEY });
    await connect("claude", models.url, "anthropic", { type: "header", name: "x-api-key", value: KEY });
    await connect("gemini", models.url, "google", { type: "header", name: "x-goog-api-key", value: KEY });
    await connect("local", models.url, "openai-compatible", { type: "bearer", value: KEY });
    await connect("played", player.url, "openai-compatible", { type: "bearer", value: KEY });
  });
  after(async () => {
    await server.close();
    await player.close();
    await models.stop();
  });

  async function connect(name: string, baseUrl: string, provider: string, credential: JsonObject): Promise<void> {
    const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const { status, text } = await server.call("PUT", `/api/v1/connections/${name}`, { key, body: { provider, baseUrl, credential } });
    assert.equal(status, 200, text);
  }

  for (const model of ["openai/gpt-4o", "claude/claude-sonnet-4-5", "gemini/gemini-2.5-flash", "local/qwen3:8b"]) {
    it(`answers, and says what was counted: ${model}`, async () => {
      const { key } = await server.publish(asking(`asks-${model.replace(/\W/g, "-")}`, model));
      const { json, text } = await server.invoke(key, { input: { question: "What of the river?" } });
      assert.equal(json["status"], "SUCCEED", text);
      const output = json["output"] as { text: string; usage: { inputTokens: number; outputTokens: number } };
      assert.deepEqual([output.text, output.usage.inputTokens, output.usage.outputTokens], ["It carries the mill.", 12, 6]);
    });
  }

  it("a cancel closes the provider's socket while it streams", async () => {
    const { key } = await server.publish(asking("cancelled", "played/m"));
    const streaming = Promise.withResolvers<ServerResponse>();
    play = (answer) => streaming.resolve(events(answer, delta("It ")));
    const runId = String((await server.invoke(key, { input: { question: "?" }, isAsync: true })).json["workflowRunId"]);
    const closed = once(await streaming.promise, "close");
    const cancelled = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
    assert.equal((cancelled.json["error"] as JsonObject)["type"], "cancelled", cancelled.text);
    await closed;
  });

  it("waits as long as the provider asks for, and asks again", async () => {
    const retry = { maxAttempts: 2, initialMs: 1 };
    const { key } = await server.publish(asking("again", "played/m", { retry }));
    let asked = 0;
    play = (answer) => {
      asked += 1;
      if (asked === 1) answer.writeHead(429, { "retry-after-ms": "1" }).end();
      else events(answer, delta("Now."), finished, "[DONE]").end();
    };
    const { json, text } = await server.invoke(key, { input: { question: "?" } });
    assert.deepEqual([json["status"], (json["output"] as JsonObject)["text"], asked], ["SUCCEED", "Now.", 2], text);
  });

  it("what the model says of the key is seen nowhere: not in pieces, results, errors and the journal", async () => {
    const { key } = await server.publish(asking("tells", "played/m"));
    const wrongKey = JSON.stringify({ error: { message: `Bad key ${KEY}` } });
    const cases: readonly ((answer: ServerResponse) => void)[] = [
      (answer) => events(answer, delta(`Key: ${KEY.slice(0, 9)}`), delta(KEY.slice(9)), finished, "[DONE]").end(),
      (answer) => answer.writeHead(401, { "content-type": "application/json" }).end(wrongKey),
    ];
    for (const told of cases) {
      // Pieces are told to those alone who listen, so the model speaks when somebody does.
      const listening = Promise.withResolvers<void>();
      play = (answer) => void listening.promise.then(() => told(answer));
      const runId = String((await server.invoke(key, { input: { question: "?" }, isAsync: true })).json["workflowRunId"]);
      const stream = await EventStream.open(server, runId, { key });
      listening.resolve();
      const heard = await stream.read();
      const journal = await server.app.store.runs.journal(DEFAULT_TENANT, runId);
      const { text } = await server.query(key, runId);
      const seen = JSON.stringify([heard, journal, text]);
      assert.ok(!seen.includes(KEY.slice(9)), seen);
      assert.ok(seen.includes("***"));
      const pieces = heard.filter(({ event }) => event === "node.delta").map(({ data }) => data["text"]);
      assert.equal(pieces.join(""), told === cases[0] ? "Key: ***" : "");
    }
  });
});
