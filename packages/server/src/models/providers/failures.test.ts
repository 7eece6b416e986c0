import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it, mock } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { ChatCall, ChatDelta } from "@millrace/nodes";
import { countsOf, type ProviderCall } from "#models/provider";
import { MAX_PROVIDER_MESSAGE, STREAM_IDLE_TIMEOUT_MS } from "#models/providers/limits";
import { KEY, type OpenedProvider, providerAt, startModelServer } from "#testing/model-server";

/** A test that would wait for ever when it fails ends here. */
const HANGS = { timeout: 10_000 };

const MODELS: { readonly [provider: string]: string } = {
  openai: "gpt-4o",
  anthropic: "claude-sonnet-4-5",
  google: "gemini-2.5-flash",
  "openai-compatible": "qwen3:8b",
};

function callOf(provider: string, call: Partial<ProviderCall<ChatCall>> = {}): ProviderCall<ChatCall> {
  const messages = [{ role: "user", parts: [{ type: "text", text: "hello" }] }] as const;
  return { model: MODELS[provider] ?? "", messages, signal: new AbortController().signal, timeoutMs: null, ...call };
}

async function failureOf(work: Promise<unknown>): Promise<TerminalError | RetryableError> {
  const error = await work.then(
    () => assert.fail("it succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof TerminalError || error instanceof RetryableError, String(error));
  return error;
}

const listening = () => {};

describe("a model server that refuses", HANGS, () => {
  let server: LLMock;
  const opened: { [provider: string]: OpenedProvider } = {};
  before(async () => {
    server = await startModelServer();
    server.onMessage("hello", { content: "Hello." });
    for (const provider of Object.keys(MODELS)) opened[provider] = await providerAt(server.url, provider);
  });
  after(async () => {
    await Promise.all(Object.values(opened).map((one) => one.close()));
    await server.stop();
  });

  const CASES = [
    { status: 401, type: "llm_auth", again: false },
    { status: 403, type: "llm_auth", again: false },
    { status: 404, type: "llm_unavailable", again: false },
    { status: 400, type: "llm_error", again: false },
    { status: 429, type: "llm_rate_limited", again: true },
    { status: 500, type: "llm_error", again: true },
    { status: 503, type: "llm_error", again: true },
  ];
  for (const provider of Object.keys(MODELS)) {
    for (const { status, type, again } of CASES) {
      it(`${provider}: ${status} is ${type}, ${again ? "for later" : "for good"}; it was asked once`, async () => {
        for (const call of [{}, { onDelta: listening }]) {
          server.clearRequests();
          server.nextRequestError(status, { message: `no ${status} today`, type: "some_error" });
          const error = await failureOf(opened[provider]?.provider.chat(callOf(provider, call)) ?? Promise.resolve());
          assert.deepEqual([error.type, error instanceof RetryableError], [type, again]);
          assert.ok(error.message.includes(`answered ${status}: no ${status} today.`), error.message);
          assert.equal(server.getRequests().length, 1);
        }
      });
    }

    it(`${provider}: an answer that is cut off in the middle is llm_error, for later`, async () => {
      server.prependFixture({
        match: { userMessage: "hello" },
        response: { content: "A longer answer, in pieces." },
        truncateAfterChunks: 4,
      });
      const heard: string[] = [];
      const onDelta = ({ text }: ChatDelta) => heard.push(text);
      const error = await failureOf(opened[provider]?.provider.chat(callOf(provider, { onDelta })) ?? Promise.resolve());
      assert.deepEqual([error.type, error instanceof RetryableError], ["llm_error", true]);
      assert.ok("A longer answer, in pieces.".startsWith(heard.join("")) && heard.join("").length < 27);
      server.clearFixtures().onMessage("hello", { content: "Hello." });
    });

    it(`${provider}: waits as long as Retry-After says`, async () => {
      server.prependFixture({
        match: { userMessage: "hello" },
        response: { error: { message: "slow down" }, status: 429, retryAfter: 17 },
      });
      const error = await failureOf(opened[provider]?.provider.chat(callOf(provider)) ?? Promise.resolve());
      assert.equal(error instanceof RetryableError && error.retryAfterMs, 17_000);
      server.clearFixtures().onMessage("hello", { content: "Hello." });
    });
  }
});

/** A server that plays what it is given, and keeps the answers that it began. */
async function startPlayer(play: (answer: ServerResponse) => void) {
  const began: ServerResponse[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, answer) => {
    request.resume().on("end", () => {
      began.push(answer);
      play(answer);
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const arrived = async () => {
    while (began.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return began[0] as ServerResponse;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Asks a provider for a chat that is answered like this. */
async function played(provider: string, play: (answer: ServerResponse) => void, call: Partial<ProviderCall<ChatCall>> = {}, settings = {}) {
  const player = await startPlayer(play);
  const opened = await providerAt(player.url, provider, settings);
  try {
    return await opened.provider.chat(callOf(provider, call));
  } finally {
    await opened.close();
    await player.close();
  }
}

const refusing = (status: number, body: unknown, headers: { readonly [name: string]: string } = {}) => {
  return (answer: ServerResponse) => answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

describe("the wait that a provider asks for", HANGS, () => {
  const day = "Fri, 27 Nov 2026 10:00:00 GMT";
  const CASES: readonly (readonly [string, { readonly [name: string]: string }, unknown, number | undefined])[] = [
    ["seconds", { "retry-after": "3" }, {}, 3_000],
    ["a date", { "retry-after": "Fri, 27 Nov 2026 10:00:30 GMT", date: day }, {}, 30_000],
    ["milliseconds", { "retry-after-ms": "250", "retry-after": "1" }, {}, 250],
    ["what is used up", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2.5s" }, {}, 62_500],
    ["the later of two", used("0", "10ms", "0", "1s"), {}, 1_000],
    ["not what is left", used("4", "1h", "0", "1s"), {}, 1_000],
    ["Google's details", {}, { error: { message: "x", status: "RESOURCE_EXHAUSTED", details: [{}, { retryDelay: "13s" }] } }, 13_000],
    ["nothing", {}, {}, undefined],
    [
      "what cannot be read",
      { "retry-after": "soon", "retry-after-ms": "-1" },
      { error: { details: [{ retryDelay: "a while" }] } },
      undefined,
    ],
  ];
  for (const [name, headers, body, expected] of CASES) {
    it(name, async () => {
      for (const status of [429, 503]) {
        const error = await failureOf(played("openai", refusing(status, body, headers)));
        assert.equal((error as RetryableError).retryAfterMs, expected);
      }
    });
  }

  function used(requests: string, resetRequests: string, tokens: string, resetTokens: string) {
    return {
      "x-ratelimit-remaining-requests": requests,
      "x-ratelimit-reset-requests": resetRequests,
      "x-ratelimit-remaining-tokens": tokens,
      "x-ratelimit-reset-tokens": resetTokens,
    };
  }
});

describe("what a refusal says", HANGS, () => {
  it("a quota that is used up is for good, though it comes as 429", async () => {
    const bodies = [
      { error: { message: "You exceeded your current quota.", type: "insufficient_quota", code: "insufficient_quota" } },
      { type: "error", error: { type: "invalid_request_error", message: "Your credit balance is too low to access the API." } },
    ];
    for (const body of bodies) {
      const error = await failureOf(played("openai", refusing(429, body)));
      assert.deepEqual([error.name, error.type], ["TerminalError", "llm_error"]);
      assert.match(error.message, /quota is used up/);
    }
  });

  it("the provider's message is found in every shape, without the key, and cut", async () => {
    const said = (body: unknown) => failureOf(played("openai", refusing(401, body)));
    for (const body of [
      { error: { message: `Bad key ${KEY}!` } },
      { error: `Bad key ${KEY}!` },
      [{ error: { message: `Bad key ${KEY}!` } }],
    ]) {
      assert.match((await said(body)).message, /answered 401: Bad key \*\*\*!\. Check the credential/);
    }
    const long = (await said({ message: "x".repeat(MAX_PROVIDER_MESSAGE + 1) })).message;
    assert.ok(long.includes(`${"x".repeat(MAX_PROVIDER_MESSAGE - 1)}…`) && !long.includes("x".repeat(MAX_PROVIDER_MESSAGE)));
    assert.ok((await said({ message: "x".repeat(MAX_PROVIDER_MESSAGE) })).message.includes("x".repeat(MAX_PROVIDER_MESSAGE)));
  });

  it("a page of another server is no riddle", async () => {
    const html = (answer: ServerResponse) => answer.writeHead(200, { "content-type": "text/html" }).end("<html>Welcome</html>");
    const error = await failureOf(played("openai", html));
    assert.deepEqual([error.name, error.type], ["RetryableError", "llm_error"]);
    assert.match(error.message, /^The answer of the model provider cannot be read/);
  });
});

const events = (answer: ServerResponse, ...chunks: readonly unknown[]) => {
  answer.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of chunks) answer.write(`data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`);
  return answer;
};

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
    assert.deepEqual(await counted("google", google), { inputTokens: 9, outputTokens: 6 });
    assert.equal(await counted("openai-compatible", (answer) => events(answer, delta("a")).end()), null);
  });

  it("says within itself what is wrong", async () => {
    const CASES = [
      [{ error: { message: "try later", type: "rate_limit_error" } }, "llm_rate_limited", true],
      [{ error: { message: "busy", type: "server_error" } }, "llm_error", true],
      [{ error: { message: "out of money", code: "insufficient_quota" } }, "llm_error", false],
      [{ error: { message: "not that", type: "invalid_request_error" } }, "llm_error", false],
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
