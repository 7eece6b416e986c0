import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, it, mock } from "node:test";
import { RetryableError } from "@millrace/engine";
import type { ChatDelta } from "@millrace/nodes";
import { countsOf } from "#models/provider";
import { STREAM_IDLE_TIMEOUT_MS } from "#models/providers/limits";
import { callOf, events, failureOf, MODELS, played, startPlayer } from "#testing/model-player";
import { KEY, providerAt } from "#testing/model-server";

/** A test that would wait for ever when it fails ends here. */
const HANGS = { timeout: 10_000 };

const listening = () => {};

const delta = (content: string) => ({ id: "1", created: 1, model: "m", choices: [{ index: 0, delta: { role: "assistant", content } }] });
const finished = { id: "1", created: 1, model: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const usage = { id: "1", created: 1, model: "m", choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };

describe("a stream that breaks", HANGS, () => {
  it("was cut: it is for later, after the pieces that came", async () => {
    const heard: ChatDelta[] = [];
    const cut = (answer: ServerResponse) => events(answer, delta("Half an ")).write("data: {", () => answer.destroy());
    const error = await failureOf(played("openai-compatible", cut, { onDelta: (piece) => heard.push(piece) }));
    assert.deepEqual([error.name, error.type], ["RetryableError", "llm_error"]);
    assert.match(error.message, /the connection broke/i);
    assert.deepEqual(heard, [{ channel: "text", text: "Half an " }]);
  });

  const BEGUN: { readonly [provider: string]: readonly unknown[] } = {
    openai: [
      { type: "response.created", response: { id: "r", created_at: 1, model: "m" } },
      { type: "response.output_item.added", output_index: 0, item: { type: "message", id: "i" } },
      { type: "response.output_text.delta", item_id: "i", delta: "Half" },
    ],
    anthropic: [
      {
        type: "message_start",
        message: { id: "m", model: "c", role: "assistant", content: [], usage: { input_tokens: 4, output_tokens: 1 } },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Half" } },
    ],
    google: [{ candidates: [{ content: { role: "model", parts: [{ text: "Half" }] } }] }],
    "openai-compatible": [delta("Half")],
  };
  for (const [provider, chunks] of Object.entries(BEGUN)) {
    it(`${provider}: ends without its end: it is for later`, async () => {
      const heard: string[] = [];
      const onDelta = ({ text }: ChatDelta) => heard.push(text);
      const error = await failureOf(played(provider, (answer) => events(answer, ...chunks).end(), { onDelta }));
      assert.deepEqual([error.name, error.type, heard], ["RetryableError", "llm_error", ["Half"]]);
    });
  }

  it("cost what the provider had said by then", async () => {
    const begun = {
      type: "message_start",
      message: { id: "m", model: "c", role: "assistant", content: [], usage: { input_tokens: 40, output_tokens: 1 } },
    };
    const anthropic = (answer: ServerResponse) => {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.write(`event: message_start\ndata: ${JSON.stringify(begun)}\n\n`, () => answer.destroy());
    };
    const google = (answer: ServerResponse) => {
      const chunk = {
        candidates: [{ content: { role: "model", parts: [{ text: "a" }] } }],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4, thoughtsTokenCount: 2, totalTokenCount: 15 },
      };
      events(answer, chunk).write("data: {", () => answer.destroy());
    };
    const counted = async (provider: string, play: (answer: ServerResponse) => void) =>
      countsOf(await failureOf(played(provider, play, { onDelta: listening })));
    assert.deepEqual(await counted("anthropic", anthropic), { inputTokens: 40, outputTokens: 1 });
    assert.deepEqual(await counted("google", google), { inputTokens: 9, outputTokens: 6, reasoningTokens: 2 });
    assert.equal(await counted("openai-compatible", (answer) => events(answer, delta("a")).end()), null);
  });

  it("says within itself what is wrong", async () => {
    const CASES = [
      [{ error: { message: "try later", type: "rate_limit_error" } }, "llm_rate_limited", true],
      [{ error: { message: "busy", type: "server_error" } }, "llm_error", true],
      [{ error: { message: "out of money", code: "insufficient_quota" } }, "llm_error", false],
      [{ error: { message: "not that", type: "invalid_request_error" } }, "llm_error", false],
      [{ error: { message: "who are you", type: "authentication_error" } }, "llm_auth", false],
      [{ error: { message: "no such model", type: "not_found_error" } }, "llm_unavailable", false],
    ] as const;
    for (const [chunk, type, again] of CASES) {
      const error = await failureOf(
        played("openai", (answer) => events(answer, delta("a"), chunk, "[DONE]").end(), { onDelta: listening }, { api: "chat" }),
      );
      assert.deepEqual([error.type, error instanceof RetryableError], [type, again]);
      assert.ok(error.message.includes(chunk.error.message), error.message);
    }
    const overloaded = (answer: ServerResponse) => {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.end(
        `event: error\ndata: ${JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } })}\n\n`,
      );
    };
    const error = await failureOf(played("anthropic", overloaded, { onDelta: listening }));
    assert.deepEqual([error.type, error instanceof RetryableError], ["llm_error", true]);
    assert.match(error.message, /Overloaded/);
  });

  it("is silent for too long: its socket is closed", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const player = await startPlayer((answer) => events(answer, delta("a")));
    const opened = await providerAt(player.url, "openai-compatible");
    const heard = Promise.withResolvers<void>();
    const failed = failureOf(opened.provider.chat(callOf("openai-compatible", { onDelta: () => heard.resolve() })));
    const closed = once(await player.arrived(), "close");
    await heard.promise;
    mock.timers.tick(STREAM_IDLE_TIMEOUT_MS);
    const error = await failed;
    assert.deepEqual([error.name, error.type], ["RetryableError", "llm_error"]);
    assert.match(error.message, /sent nothing for 120000 ms/);
    await closed;
    mock.timers.reset();
    await opened.close();
    await player.close();
  });
});

describe("a tool call that is no JSON object", HANGS, () => {
  const calling = (input: string, finish_reason: string) => (answer: ServerResponse) => {
    const call = { index: 0, id: "c1", type: "function", function: { name: "tell", arguments: input } };
    const chunk = { ...finished, choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason }] };
    events(answer, chunk, usage, "[DONE]").end();
  };
  const asked = (input: string, reason: string) => played("openai-compatible", calling(input, reason), { onDelta: listening });

  it("is for later, and paid for", async () => {
    for (const input of ["[1]", "3", "not JSON"]) {
      const error = await failureOf(asked(input, "tool_calls"));
      assert.deepEqual([error.name, error.type], ["RetryableError", "llm_error"]);
      assert.deepEqual([countsOf(error)?.inputTokens, countsOf(error)?.outputTokens], [3, 2]);
    }
  });

  it("is left out where the answer was cut off at its limit", async () => {
    const answer = await asked('{"key": "val', "length");
    assert.deepEqual([answer.finish, answer.toolCalls], ["length", []]);
  });

  it("is an empty object where the model wrote nothing", async () => {
    assert.deepEqual((await asked("", "tool_calls")).toolCalls, [{ id: "c1", name: "tell", input: {} }]);
  });
});

describe("an answer that takes too long, or nobody wants any more", HANGS, () => {
  for (const [name, call] of [
    ["streamed", { onDelta: listening }],
    ["at once", {}],
  ] as const) {
    it(`ends at the call's own time, and its socket is closed (${name})`, async () => {
      const player = await startPlayer(() => {});
      const opened = await providerAt(player.url, "openai");
      const failed = failureOf(opened.provider.chat(callOf("openai", { ...call, timeoutMs: 200 })));
      const closed = once(await player.arrived(), "close");
      const error = await failed;
      assert.deepEqual([error.name, error.type], ["RetryableError", "llm_error"]);
      await closed;
      await opened.close();
      await player.close();
    });
  }

  for (const provider of Object.keys(MODELS)) {
    it(`${provider}: a cancel in the middle closes the socket`, async () => {
      const player = await startPlayer((answer) => events(answer, "", "").flushHeaders());
      const opened = await providerAt(player.url, provider);
      const cancel = new AbortController();
      const failed = failureOf(opened.provider.chat(callOf(provider, { onDelta: listening, signal: cancel.signal })));
      const closed = once(await player.arrived(), "close");
      cancel.abort();
      await closed;
      assert.deepEqual([(await failed).name, (await failed).type], ["TerminalError", "cancelled"]);
      await opened.close();
      await player.close();
    });
  }

  it("fails with the reason of the cancel, when that is one of ours", async () => {
    const reason = new RetryableError("node_timeout", "The node's time is up.");
    const signal = AbortSignal.abort(reason);
    assert.equal(await failureOf(played("openai", () => assert.fail("nothing is sent"), { signal })), reason);
  });
});

describe("what a model says of the key", HANGS, () => {
  it("is taken out of the text, its pieces, thoughts and tool calls", async () => {
    const thought = { ...delta(""), choices: [{ index: 0, delta: { reasoning_content: `I know ${KEY}.` } }] };
    const call = { index: 0, id: "c1", type: "function", function: { name: "tell", arguments: JSON.stringify({ key: KEY }) } };
    const called = { ...finished, choices: [{ index: 0, delta: { tool_calls: [call] } }] };
    const pieces = [`The key is ${KEY.slice(0, 4)}`, KEY.slice(4, 9), `${KEY.slice(9)}, I say.`].map(delta);
    const heard: ChatDelta[] = [];
    const answer = await played("openai-compatible", (wire) => events(wire, thought, ...pieces, called, finished, usage, "[DONE]").end(), {
      onDelta: (piece) => heard.push(piece),
    });
    assert.ok(!JSON.stringify([answer, heard]).includes(KEY.slice(4)));
    assert.deepEqual([answer.text, answer.reasoning], ["The key is ***, I say.", "I know ***."]);
    assert.deepEqual(answer.toolCalls, [{ id: "c1", name: "tell", input: { key: "***" } }]);
    assert.equal(heard.map(({ channel, text }) => (channel === "text" ? text : "")).join(""), answer.text);
    assert.deepEqual([answer.counts.inputTokens, answer.counts.outputTokens], [3, 2]);
  });
});
