import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { after, before, describe, it, mock } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import { RetryableError } from "@millrace/engine";
import type { ChatDelta } from "@millrace/nodes";
import { DEFAULT_CALL_TIMEOUT_MS, MAX_ANSWER_BYTES, MAX_PROVIDER_MESSAGE, MAX_REFUSAL_BYTES } from "#models/providers/limits";
import { callOf, failureOf, MODELS, played, refusing, startPlayer } from "#testing/model-player";
import { KEY, type OpenedProvider, providerAt, startModelServer } from "#testing/model-server";

/** A test that would wait for ever when it fails ends here. */
const HANGS = { timeout: 10_000 };

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
        for (const call of [{}, { onDelta: () => {} }]) {
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

  it("a key that Google does not know is llm_auth, though it comes as 400", async () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
    const error = { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT", details };
    assert.equal((await failureOf(played("google", refusing(400, { error })))).type, "llm_auth");
    const other = { ...error, message: "Bad field.", details: [] };
    assert.equal((await failureOf(played("google", refusing(400, { error: other })))).type, "llm_error");
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

  it("of a long refusal the beginning is read", async () => {
    const long = (bytes: number) => (answer: ServerResponse) => {
      const head = '{"error":{"message":"too much"},"more":"';
      answer.writeHead(400, { "content-type": "application/json" }).end(`${head}${"x".repeat(bytes - head.length - 2)}"}`);
    };
    const said = async (bytes: number) => (await failureOf(played("openai", long(bytes)))).message;
    assert.equal(await said(MAX_REFUSAL_BYTES), "The model provider answered 400: too much.");
    // Cut, it is no JSON any more, and is shown as it is.
    assert.match(await said(MAX_REFUSAL_BYTES + 1), /answered 400: \{"error":\{"message":"too much"\},"more":"xx/);
  });

  it("a page of another server is no riddle", async () => {
    const html = (answer: ServerResponse) => answer.writeHead(200, { "content-type": "text/html" }).end("<html>Welcome</html>");
    const error = await failureOf(played("openai", html));
    assert.deepEqual([error.name, error.type], ["RetryableError", "llm_error"]);
    assert.match(error.message, /^The answer of the model provider cannot be read/);
  });
});

describe("an answer that is a refusal", HANGS, () => {
  const tokens = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const choice = (message: object, finish_reason: string) => ({
    id: "1",
    created: 1,
    model: "m",
    choices: [{ index: 0, message, finish_reason }],
    usage: tokens,
  });
  const response = (item: object) => ({
    ...{ id: "r", object: "response", created_at: 1, model: "m", status: "completed" },
    ...{ output: [{ type: "message", role: "assistant", id: "i", status: "completed", content: [item] }] },
    usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  });
  const CASES: readonly (readonly [name: string, provider: string, body: unknown, text: string])[] = [
    ["a content filter", "openai-compatible", choice({ role: "assistant", content: "Half" }, "content_filter"), "Half"],
    ["a refusal of chat", "openai-compatible", choice({ role: "assistant", content: null, refusal: "I will not." }, "stop"), "I will not."],
    ["a refusal of responses", "openai", response({ type: "refusal", refusal: "I will not." }), "I will not."],
    [
      "Anthropic's stop reason",
      "anthropic",
      {
        ...{ type: "message", id: "m", model: "c", role: "assistant", content: [{ type: "text", text: "No." }] },
        ...{ stop_reason: "refusal", usage: { input_tokens: 3, output_tokens: 2 } },
      },
      "No.",
    ],
    [
      "a blocked prompt of Google",
      "google",
      { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 } },
      "",
    ],
    [
      "a blocked answer of Google",
      "google",
      {
        candidates: [{ content: { role: "model", parts: [{ text: "Half" }] }, finishReason: "SAFETY" }],
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
      },
      "Half",
    ],
  ];
  for (const [name, provider, body, text] of CASES) {
    it(`${name} is an answer, and paid for`, async () => {
      const answer = await played(provider, refusing(200, body));
      assert.deepEqual([answer.finish, answer.text], ["refused", text]);
      assert.deepEqual([answer.counts.inputTokens, answer.counts.outputTokens], [3, 2]);
    });
  }
});

describe("what leaves", HANGS, () => {
  const KEY_HEADER: { readonly [provider: string]: readonly [name: string, value: string] } = {
    openai: ["authorization", `Bearer ${KEY}`],
    azure: ["api-key", KEY],
    anthropic: ["x-api-key", KEY],
    google: ["x-goog-api-key", KEY],
    "openai-compatible": ["authorization", `Bearer ${KEY}`],
  };
  for (const [provider, expected] of Object.entries(KEY_HEADER)) {
    it(`${provider}: the connection's key, once, and no other`, async () => {
      const seen: string[] = [];
      await failureOf(
        played(provider, (answer) => {
          seen.push(...answer.req.rawHeaders, answer.req.url ?? "");
          answer.writeHead(500).end();
        }),
      );
      const at = seen.findIndex((text) => text.includes(KEY));
      assert.deepEqual([seen[at - 1]?.toLowerCase(), seen[at]], expected);
      assert.equal(seen.filter((text) => text.includes(KEY)).length, 1);
      assert.equal(seen.filter((text) => /^(authorization|(x-|x-goog-)?api-key)$/i.test(text)).length, 1);
    });
  }

  it("nothing to another host, whoever says that it is there", async () => {
    const other = await startPlayer((answer) => answer.end());
    const moved = (answer: ServerResponse) => answer.writeHead(307, { location: `${other.url}/v1/responses` }).end();
    const error = await failureOf(played("openai", moved));
    assert.equal(error.type, "egress_denied");
    assert.equal(other.began.length, 0);
    await other.close();
  });
});

describe("the bounds of a call", HANGS, () => {
  it("an answer of 64 MiB is taken, a byte more is not", async () => {
    for (const bytes of [MAX_ANSWER_BYTES, MAX_ANSWER_BYTES + 1]) {
      const player = await startPlayer((answer) => answer.writeHead(200, { "content-type": "audio/mpeg" }).end(Buffer.alloc(bytes)));
      const opened = await providerAt(player.url, "openai");
      const spoken = opened.provider.speak({ ...callOf("openai"), model: "tts-1", text: "a" });
      if (bytes === MAX_ANSWER_BYTES) assert.equal((await spoken).audio.length, bytes);
      else {
        const error = await failureOf(spoken);
        assert.deepEqual([error.name, error.type], ["TerminalError", "llm_error"]);
        assert.match(error.message, /too large/);
      }
      await opened.close();
      await player.close();
    }
  });

  it("a call that names no time has ten minutes", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const player = await startPlayer(() => {});
    const opened = await providerAt(player.url, "openai");
    const failed = failureOf(opened.provider.chat(callOf("openai")));
    const closed = once(await player.arrived(), "close");
    mock.timers.tick(DEFAULT_CALL_TIMEOUT_MS);
    assert.match((await failed).message, /No complete answer within 600000 ms/);
    await closed;
    mock.timers.reset();
    await opened.close();
    await player.close();
  });
});
