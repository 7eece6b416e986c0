import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { RetryableError, TerminalError } from "@millrace/engine";
import { chat, type ModelWorld, openModels, TENANT, USAGE } from "./service-harness.ts";

const ERROR = { message: "not now", type: "server_error" };

describe("models", () => {
  let world: ModelWorld;
  before(async () => {
    world = await openModels();
    await world.connect("openai");
    await world.connect("gateway", { provider: "openai-compatible" });
    await world.connect("few", { settings: { models: ["gpt-4o-mini"], timeoutMs: 5_000 } });
    await world.connect("crm", { provider: "crm" });
    world.provider.onMessage("river", { content: "The river carries the mill.", usage: USAGE });
    world.provider.onMessage("refused", { error: ERROR, status: 400 });
    world.provider.onMessage("busy", { error: ERROR, status: 429 });
    world.provider.onMessage("broken", { error: ERROR, status: 500 });
  });
  after(() => world.close());

  test("a request costs what the rate card says, exactly, and the row says which price", async () => {
    const { model, text, usage } = await world.models.chat(chat("river", { model: "openai/gpt-4o-mini" }));
    assert.deepEqual([model, text], ["openai/gpt-4o-mini", "The river carries the mill."]);
    const [row] = usage;
    assert.deepEqual([usage.length, row?.kind, row?.model, row?.inputTokens, row?.outputTokens], [1, "chat", model, 1_000, 500]);
    // 1,000 of 15 and 500 of 60 credits a million.
    assert.deepEqual([row?.credits, row?.price?.["input"], row?.price?.["output"]], ["0.045", "15", "60"]);
  });

  test("a price of one's own holds from the next request on; without any it costs nothing, and the log says so once", async () => {
    const ask = async () => (await world.models.chat(chat("river", { model: "gateway/llama" }))).usage[0];
    for (let n = 0; n < 2; n++) assert.deepEqual([(await ask())?.credits, (await ask())?.price], ["0", undefined]);
    assert.equal(world.logged.filter((line) => line.includes("gateway/llama")).length, 1);
    await world.rateCard.put(TENANT, "gateway/*", { input: "1", output: "0.5" });
    assert.deepEqual([(await ask())?.credits, (await ask())?.price], ["0.00125", { input: "1", output: "0.5" }]);
  });

  test("a blank name and none are the default model's, which needs nothing and costs nothing", async () => {
    for (const model of [null, "", "  "]) {
      const { model: asked, usage } = await world.models.chat(chat("What is a mill?", { model }));
      assert.deepEqual([asked, usage[0]?.credits, usage[0]?.price], ["offline/extractive", "0", undefined]);
    }
  });

  test("what cannot be found says what is missing", async () => {
    const cases: readonly (readonly [model: string, message: RegExp])[] = [
      ["nobody/gpt", /no connection nobody.*millrace connections set nobody/],
      ["gpt-4o", /named connection\/model, and gpt-4o is not/],
      ["openai/", /named connection\/model/],
      ["offline/other", /no built-in model offline\/other/],
      ["crm/gpt", /crm is of the provider crm, which has no models/],
      ["few/gpt-4o", /does not list the model gpt-4o. It lists: gpt-4o-mini/],
    ];
    for (const [model, message] of cases) {
      await assert.rejects(world.models.chat(chat("river", { model })), (error) => {
        assert.ok(error instanceof TerminalError && error.type === "llm_unavailable", model);
        assert.match(error.message, message);
        return true;
      });
    }
    assert.equal((await world.models.chat(chat("river", { model: "few/gpt-4o-mini" }))).text, "The river carries the mill.");
  });

  test("a connection's use is noted", async () => {
    await world.models.chat(chat("river", { model: "openai/gpt-4o" }));
    assert.ok((await world.store.vault.get(TENANT, "connection", "openai"))?.lastUsedAt);
    assert.equal((await world.store.vault.get(TENANT, "connection", "crm"))?.createdAt !== undefined, true);
  });

  for (const status of [401, 404, 429, 500]) {
    test(`the backup answers where the model fails with ${status}`, async () => {
      world.provider.nextRequestError(status, ERROR);
      const answer = await world.models.chat(chat("river", { model: "openai/gpt-4o", backup: "gateway/llama" }));
      assert.deepEqual([answer.model, answer.text, answer.usage.length], ["gateway/llama", "The river carries the mill.", 1]);
    });
  }

  test("the backup answers where the model's connection is not there", async () => {
    const answer = await world.models.chat(chat("river", { model: "nobody/gpt", backup: "gateway/llama" }));
    assert.equal(answer.model, "gateway/llama");
  });

  test("a request that is refused would be refused again: no backup is asked", async () => {
    world.provider.clearRequests();
    await assert.rejects(world.models.chat(chat("refused", { model: "openai/gpt-4o", backup: "gateway/llama" })), { type: "llm_error" });
    assert.equal(world.provider.getRequests().length, 1);
  });

  test("where both fail the error tells of both, and is tried again where one of them is", async () => {
    const failing = world.models.chat(chat("busy", { model: "nobody/gpt", backup: "gateway/llama" }));
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof RetryableError && error.type === "llm_rate_limited");
      assert.match(error.message, /no connection nobody.*The backup: .*429/);
      return true;
    });
    const terminal = world.models.chat(chat("broken", { model: "gateway/llama", backup: "nobody/gpt" }));
    await assert.rejects(terminal, (error) => error instanceof RetryableError && error.type === "llm_error");
  });

  test("an aborted call asks no backup", async () => {
    const signal = AbortSignal.abort(new TerminalError("cancelled", "The run was cancelled."));
    world.provider.clearRequests();
    await assert.rejects(world.models.chat(chat("river", { model: "openai/gpt-4o", backup: "gateway/llama", signal })), {
      type: "cancelled",
    });
    assert.equal(world.provider.getRequests().length, 0);
  });

  test("embeddings are priced as their input", async () => {
    world.provider.onEmbedding(/.*/, { embedding: [0.5, 1] });
    const { vectors, usage } = await world.models.embed({
      model: "openai/text-embedding-3-small",
      texts: ["a", "b"],
      signal: new AbortController().signal,
      timeoutMs: null,
    });
    assert.deepEqual([vectors.length, usage[0]?.price], [2, { input: "2", output: "0" }]);
  });
});

describe("a provider that is slow or breaks off", () => {
  test("what was said of the cost of a broken stream is kept, and whoever has seen its beginning gets no other answer", async () => {
    const started = {
      type: "message_start",
      message: { id: "m", type: "message", role: "assistant", content: [], model: "m", usage: { input_tokens: 1_000, output_tokens: 1 } },
    };
    const block = { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
    const delta = { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "The river" } };
    const server = await listen((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of [started, block, delta]) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      setImmediate(() => response.destroy());
    });
    await using models = await openModels({ allow: server.host });
    await models.connect("claude", { provider: "anthropic", baseUrl: server.url });
    await models.connect("gateway", { provider: "openai-compatible" });
    const shown: string[] = [];
    const call = chat("river", { model: "claude/claude-haiku-4-5", backup: "gateway/llama", onDelta: ({ text }) => void shown.push(text) });
    await assert.rejects(models.models.chat(call), (error) => {
      assert.ok(error instanceof RetryableError && error.type === "llm_error", String(error));
      // 1,000 of 100 and 1 of 500 credits a million.
      assert.deepEqual(
        error.usage.map(({ model, credits }) => [model, credits]),
        [["claude/claude-haiku-4-5", "0.1005"]],
      );
      return true;
    });
    assert.deepEqual([shown.join(""), models.provider.getRequests().length], ["The river", 0]);
    server.close();
  });

  test("no more requests than the connection allows are under way", async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    let arrived: () => void = () => undefined;
    const server = await listen((response) => {
      held.push(response);
      most = Math.max(most, held.length);
      arrived();
    });
    await using models = await openModels({ allow: server.host });
    await models.connect("narrow", { provider: "openai-compatible", baseUrl: server.url, settings: { concurrency: 2 } });
    const answers = Array.from({ length: 6 }, () => models.models.chat(chat("river", { model: "narrow/llama" })));
    for (let answered = 0; answered < 6; answered++) {
      while (held.length < Math.min(2, 6 - answered)) await new Promise<void>((resolve) => (arrived = resolve));
      const message = { role: "assistant", content: "Yes." };
      const body = {
        id: "c",
        object: "chat.completion",
        created: 0,
        model: "llama",
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage: USAGE,
      };
      held.shift()?.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    }
    assert.deepEqual([(await Promise.all(answers)).length, most], [6, 2]);
    server.close();
  });
});

/** A provider that answers with what is written here, whatever it is asked. */
async function listen(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => request.resume().on("end", () => answer(response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, close: () => server.close().closeAllConnections() };
}
