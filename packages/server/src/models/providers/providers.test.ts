import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "@millrace/contract";
import type { ChatCall, ChatDelta } from "@millrace/nodes";
import type { ModelProvider, ProviderCall } from "#models/provider";
import { openProvider, PROVIDERS } from "#models/providers/open-provider";
import { KEY, type OpenedProvider, providerAt, startModelServer } from "#testing/model-server";

interface Shape {
  readonly name: string;
  readonly provider: string;
  readonly settings?: JsonObject;
  readonly model: string;
  /** Of the chat requests. */
  readonly path: string;
  /** Chat completions of OpenAI itself keep their thoughts. */
  readonly thinksAloud: boolean;
}

const SHAPES: readonly Shape[] = [
  { name: "OpenAI responses", provider: "openai", model: "gpt-4o", path: "/v1/responses", thinksAloud: true },
  { name: "OpenAI chat", provider: "openai", settings: { api: "chat" }, model: "gpt-4o", path: "/v1/chat/completions", thinksAloud: false },
  { name: "Azure v1", provider: "azure", model: "gpt-4o", path: "/openai/v1/chat/completions", thinksAloud: false },
  {
    name: "Azure deployments",
    provider: "azure",
    settings: { apiVersion: "2024-10-21" },
    model: "my-deployment",
    path: "/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21",
    thinksAloud: false,
  },
  { name: "Anthropic", provider: "anthropic", model: "claude-sonnet-4-5", path: "/v1/messages", thinksAloud: true },
  { name: "Google", provider: "google", model: "gemini-2.5-flash", path: "/v1beta/models/gemini-2.5-flash:", thinksAloud: true },
  { name: "Ollama, vLLM, …", provider: "openai-compatible", model: "qwen3:8b", path: "/v1/chat/completions", thinksAloud: true },
];

const TEXT = "The river carries the mill; the mill carries the town.";
const THOUGHTS = "What turns what?";

/** The same figures in the words of each wire. */
const USAGE = {
  ...{ prompt_tokens: 21, completion_tokens: 13, total_tokens: 34 },
  ...{ input_tokens: 21, output_tokens: 13 },
  ...{ promptTokenCount: 21, candidatesTokenCount: 13, totalTokenCount: 34 },
};

const TOOL = {
  name: "weather",
  description: "The weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
};

for (const shape of SHAPES) {
  describe(shape.name, () => {
    let server: LLMock;
    let opened: OpenedProvider;
    before(async () => {
      server = await startModelServer();
      server.onMessage("river", { content: TEXT, reasoning: THOUGHTS, usage: USAGE });
      server.onMessage("weather", { toolCalls: [{ name: "weather", arguments: { city: "Bern" }, id: "call_1" }], usage: USAGE });
      server.onMessage("invoice", { content: '{"total":12.5}', usage: USAGE });
      opened = await providerAt(server.url, shape.provider, shape.settings);
    });
    after(async () => {
      await opened.close();
      await server.stop();
    });

    const chat = (call: Partial<ProviderCall<ChatCall>>) => {
      server.clearRequests();
      return opened.provider.chat(callOf(shape.model, call));
    };
    const sentBody = () => String(opened.sent.at(-1)?.body);

    it("answers with the text, the thoughts apart and what was counted", async () => {
      const answer = await chat({ messages: said("Tell me of the river.") });
      assert.deepEqual([answer.text, answer.reasoning, answer.finish], [TEXT, shape.thinksAloud ? THOUGHTS : null, "stop"]);
      assert.deepEqual([answer.counts.inputTokens, answer.counts.outputTokens], [21, 13]);
      assert.ok(server.getLastRequest()?.path.startsWith(shape.path));
    });

    it("streams the same in pieces, and counts the same", async () => {
      const deltas: ChatDelta[] = [];
      const answer = await chat({ messages: said("Tell me of the river."), onDelta: (delta) => deltas.push(delta) });
      const heard = (channel: ChatDelta["channel"]) => deltas.filter((delta) => delta.channel === channel).map(({ text }) => text);
      assert.ok(heard("text").length > 5);
      assert.deepEqual([heard("text").join(""), heard("reasoning").join("")], [TEXT, shape.thinksAloud ? THOUGHTS : ""]);
      assert.deepEqual([answer.text, answer.reasoning, answer.finish], [TEXT, shape.thinksAloud ? THOUGHTS : null, "stop"]);
      assert.deepEqual([answer.counts.inputTokens, answer.counts.outputTokens], [21, 13]);
    });

    for (const way of ["at once", "streamed"]) {
      it(`calls a tool (${way})`, async () => {
        const onDelta = () => {};
        const answer = await chat({ messages: said("How is the weather?"), tools: [TOOL], ...(way === "streamed" && { onDelta }) });
        assert.equal(answer.finish, "tools");
        assert.deepEqual(
          answer.toolCalls.map(({ name, input }) => ({ name, input })),
          [{ name: "weather", input: { city: "Bern" } }],
        );
        assert.ok(answer.toolCalls[0]?.id);
        assert.ok(sentBody().includes("The weather of a city."));
      });
    }

    it("sends the whole conversation: system, images, tool calls and their results", async () => {
      await chat({
        messages: [
          { role: "system", text: "Be brief." },
          {
            role: "user",
            parts: [
              { type: "text", text: "What is this?" },
              { type: "file", mediaType: "image/png", name: "a.png", content: PNG },
            ],
          },
          { role: "assistant", text: "I look.", toolCalls: [{ id: "call_9", name: "weather", input: { city: "Basel" } }] },
          { role: "tool", results: [{ id: "call_9", name: "weather", output: { sky: "grey" }, isError: false }] },
          ...said("And the river?"),
        ],
        tools: [TOOL],
        temperature: 0.25,
        maxOutputTokens: 77,
      });
      const sent = sentBody();
      for (const part of ["Be brief.", "What is this?", "I look.", "Basel", "grey", "And the river?", "0.25", "77"])
        assert.ok(sent.includes(part), `${part} in ${sent}`);
    });

    it("asks for JSON, of its schema where the provider knows schemas", async () => {
      const schema = { type: "object", properties: { total: { type: "number", description: "the sum" } }, required: ["total"] };
      const answer = await chat({ messages: said("Read the invoice."), schema });
      assert.deepEqual(JSON.parse(answer.text), { total: 12.5 });
      const [asked, without] = shape.provider === "openai-compatible" ? ['{"type":"json_object"}', "the sum"] : ["the sum", 'strict":true'];
      assert.ok(sentBody().includes(asked) && !sentBody().includes(without), sentBody());
    });

    it("asks for a schema beside tools only where the provider lets the model choose between them", async () => {
      const schema = { type: "object", properties: { total: { type: "number", description: "the sum" } }, required: ["total"] };
      await chat({ messages: said("Read the invoice."), schema, tools: [TOOL] });
      assert.ok(sentBody().includes(TOOL.description));
      assert.equal(sentBody().includes("the sum"), shape.provider === "openai" || shape.provider === "azure", sentBody());
    });

    it("leaves a schema that is no object's to the prompt", async () => {
      await chat({ messages: said("Read the invoice."), schema: { type: "array", items: { type: "number", description: "the sum" } } });
      assert.ok(!sentBody().includes("the sum"));
    });

    it("sends a file of text as text", async () => {
      const content = Buffer.from("Glück,1");
      const parts = [{ type: "file", mediaType: "text/csv", name: "a.csv", content }] as const;
      await chat({ messages: [{ role: "user", parts }, ...said("Tell me of the river.")] });
      assert.ok(sentBody().includes(JSON.stringify("a.csv:\nGlück,1")), sentBody());
    });

    it("asks for no header that names a key: the connection's own is added on the way", async () => {
      await chat({ messages: said("Tell me of the river.") });
      const names = opened.sent.at(-1)?.headers?.map(([name]) => name.toLowerCase()) ?? [];
      assert.deepEqual(
        names.filter((name) => /auth|key|cookie|agent/.test(name)),
        [],
      );
      assert.ok(!JSON.stringify(opened.sent.at(-1)?.headers).includes("the-connection-has-the-key"));
      assert.ok(!sentBody().includes(KEY));
    });
  });
}

describe("what is no chat", () => {
  let server: LLMock;
  const opened: OpenedProvider[] = [];
  const at = async (provider: string) => {
    const one = await providerAt(server.url, provider);
    opened.push(one);
    return one.provider;
  };
  before(async () => {
    server = await startModelServer();
    server.onEmbedding(/.*/, { embedding: [0.5, -0.25, 1] });
    server.onSpeech(/.*/, { audio: Buffer.from("ID3 some sound").toString("base64") });
    server.onTranscription({ transcription: { text: "what was said" } });
  });
  after(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await server.stop();
  });

  for (const provider of ["openai", "azure", "openai-compatible"]) {
    it(`${provider} embeds, speaks and transcribes`, async () => {
      const models = await at(provider);
      const { vectors } = await models.embed({ ...callOf("text-embedding-3-small"), texts: ["a", "b"] });
      assert.deepEqual(vectors, [Float32Array.of(0.5, -0.25, 1), Float32Array.of(0.5, -0.25, 1)]);
      const spoken = await models.speak({ ...callOf("tts-1"), text: "Good morning", voice: "alloy" });
      assert.deepEqual([spoken.mediaType, Buffer.from(spoken.audio).toString()], ["audio/mpeg", "ID3 some sound"]);
      const heard = await models.transcribe({ ...callOf("whisper-1"), audio: new Uint8Array([73, 68, 51]), mediaType: "audio/mpeg" });
      assert.equal(heard.text, "what was said");
    });
  }

  it("a compatible server that takes schemas is given them", async () => {
    server.onMessage("invoice", { content: '{"total":1}' });
    const one = await providerAt(server.url, "openai-compatible", { structuredOutputs: true });
    opened.push(one);
    const schema = { type: "object", properties: { total: { type: "number", description: "the sum" } } };
    await one.provider.chat({ ...callOf("qwen3:8b"), messages: said("Read the invoice."), schema });
    assert.match(String(one.sent.at(-1)?.body), /json_schema.*the sum/);
  });

  it("google embeds", async () => {
    const { vectors } = await (await at("google")).embed({ ...callOf("gemini-embedding-001"), texts: ["a"] });
    assert.deepEqual(vectors, [Float32Array.of(0.5, -0.25, 1)]);
  });

  it("no texts are no request", async () => {
    server.clearRequests();
    assert.deepEqual(await (await at("openai")).embed({ ...callOf("text-embedding-3-small"), texts: [] }), {
      vectors: [],
      counts: { inputTokens: 0, outputTokens: 0 },
    });
    assert.equal(server.getRequests().length, 0);
  });

  it("what a provider does not have is said", async () => {
    const models: ModelProvider = await at("anthropic");
    const unsupported = { name: "TerminalError", type: "unsupported" };
    await assert.rejects(models.embed({ ...callOf("m"), texts: ["a"] }), unsupported);
    await assert.rejects(models.speak({ ...callOf("m"), text: "a" }), unsupported);
    await assert.rejects(models.transcribe({ ...callOf("m"), audio: new Uint8Array(1), mediaType: "audio/wav" }), unsupported);
  });

  it("a connection of another kind has no models", async () => {
    assert.deepEqual(PROVIDERS, ["openai", "azure", "anthropic", "google", "openai-compatible"]);
    const wire = { open: () => assert.fail("nothing is sent"), redaction: null };
    for (const provider of ["http", "constructor"]) {
      await assert.rejects(openProvider({ provider, baseUrl: "https://a.test", settings: {} }, wire), { type: "llm_unavailable" });
    }
  });
});

function said(text: string): ChatCall["messages"] {
  return [{ role: "user", parts: [{ type: "text", text }] }];
}

function callOf(model: string, call: Partial<ProviderCall<ChatCall>> = {}): ProviderCall<ChatCall> {
  return { model, messages: [], signal: new AbortController().signal, timeoutMs: null, ...call };
}

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
