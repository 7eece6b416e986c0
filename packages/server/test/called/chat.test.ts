import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { JsonObject } from "@millrace/contract";
import OpenAI from "openai";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneProcess } from "#testing/store-database";
import { document, failing, start } from "#testing/workflows";
import { connectModels, MODEL } from "../models/harness.ts";
import { ask, refused, runIdOf } from "./chat-client.ts";

// OpenAI's own client against a real server, with the offline model and with a provider that plays what it is told.

const TEXT = "The tides are made by the moon. The moon pulls the sea. The sea follows the moon.";

const end = { id: "end", type: "end", text: "{{ answer.text }}" };
const chatting = (name: string, properties: JsonObject, llm: JsonObject, required: readonly string[] = []) =>
  document(name, [start(properties, required), { id: "answer", type: "llm", ...llm }, end], ["start -> answer", "answer -> end"]);

const support = chatting("support", { message: { type: "string" } }, { prompt: "Summarise:\n{{ start.message }}" }, ["message"]);
const played = chatting(
  "played",
  { prompt: { type: "string" }, history: { type: "array" } },
  { model: MODEL, prompt: "{{ start.prompt }}", messages: "{{ start.history }}", retry: { maxAttempts: 2, initialMs: 1, jitter: false } },
);
const whole = document(
  "whole",
  [start({ messages: { type: "array" } }), { id: "end", type: "end", output: { answer: "{{ start.messages }}", more: 1 } }],
  ["start -> end"],
);
const patient = document(
  "patient",
  [
    start({ query: { type: "string" } }),
    { id: "wait", type: "signal", signal: "go" },
    { id: "end", type: "end", text: "{{ wait.value }}" },
  ],
  ["start -> wait", "wait -> end"],
);
const demanding = document(
  "demanding",
  [start({ text: { type: "string" }, n: {} }, ["n"]), { id: "end", type: "end", output: {} }],
  ["start -> end"],
);

let server: TestServer;
let key: string;
let client: OpenAI;
/** What the provider plays for each call, in turn. */
const plays: ((answer: ServerResponse) => void)[] = [];
const asked: JsonObject[] = [];
const provider = createServer((request, answer) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    asked.push(JSON.parse(body) as JsonObject);
    answer.writeHead(200, { "Content-Type": "text/event-stream" });
    plays.shift()?.(answer);
  });
});

before(async () => {
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  server = await startTestServer({ settings: { egressAllow: new URL(url).host } });
  await connectModels(server, url);
  for (const one of [support, played, whole, patient, demanding, { ...failing, name: "broken" }]) await server.publish(one);
  await server.publish(
    chatting("failing", { text: { type: "string" } }, { model: "nowhere/none", prompt: "x", retry: { maxAttempts: 1 } }),
  );
  key = (await server.app.apiKeys.create("default", { scopes: ["invoke"] })).key;
  client = openai(key);
});
after(async () => {
  await server.close();
  provider.closeAllConnections();
  provider.close();
});

const openai = (apiKey: string, { port } = server) => new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const runOf = async (answer: { readonly id: string }) => server.app.store.runs.view("default", null, runIdOf(answer));

const chunk = (delta: JsonObject, finish: string | null = null, usage: JsonObject | null = null) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "qwen3:8b", choices: [{ index: 0, delta, finish_reason: finish }], usage })}\n\n`;
const USAGE = {
  prompt_tokens: 40,
  completion_tokens: 9,
  total_tokens: 49,
  prompt_tokens_details: { cached_tokens: 8 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
const finish = `${chunk({}, "stop", USAGE)}data: [DONE]\n\n`;

/** Plays a piece; whoever was shown it cuts the answer off. */
function playPiece(content: string): (shown: string) => void {
  let provided: ServerResponse | null = null;
  plays.push((answer) => {
    provided = answer;
    answer.write(chunk({ content }));
  });
  return (shown) => shown === content && provided?.destroy();
}

/** The pieces of a streamed answer, and its last usage. */
async function streamed(messages: ReturnType<typeof ask>, model = "played", seen: (shown: string) => void = () => undefined) {
  const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const one of stream) {
    chunks.push(one);
    seen(one.choices[0]?.delta.content ?? "");
  }
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
  return { chunks, pieces: deltas.map(({ content }) => content ?? ""), deltas, usage: chunks.at(-1)?.usage, id: chunks[0]?.id ?? "" };
}

test("the workflows whose Start node takes a text are models", async () => {
  const models = await listOf(await client.models.list());
  assert.deepEqual(
    models.map(({ id }) => id),
    ["failing", "patient", "whole", "played", "support"],
  );
  const { key: own } = await server.publish({ ...support, name: "own" });
  assert.deepEqual(
    (await openai(own).models.list()).data.map(({ id }) => id),
    ["own"],
  );
});

test("an answer is the output of a run, with its exact tokens, for the user", async () => {
  const answer = await client.chat.completions.create({ model: "support", messages: ask(TEXT), user: "u-7", temperature: 0.3 });
  const run = await runOf(answer);
  assert.deepEqual(run?.output, { output: answer.choices[0]?.message.content });
  assert.deepEqual([run?.input, run?.userId, run?.status], [{ message: TEXT }, "u-7", "SUCCEED"]);
  assert.equal(answer.usage?.total_tokens, run?.totalTokens);
  assert.deepEqual([answer.object, answer.model, answer.choices[0]?.finish_reason], ["chat.completion", "support", "stop"]);
  assert.ok((answer.usage?.completion_tokens ?? 0) > 0);
});

test("a stream shows every piece of the offline model's answer, from the first", async () => {
  const { pieces, usage, id, chunks } = await streamed(ask(TEXT), "support");
  const run = await runOf({ id });
  assert.equal(pieces.join(""), run?.output?.["output"]);
  assert.equal(usage?.total_tokens, run?.totalTokens);
  // Where they go through a database, all of so quick an answer may come together.
  if (ofOneProcess.skip === false) assert.ok(pieces.filter((piece) => piece !== "").length > 1, pieces.join("|"));
  assert.ok(chunks.slice(0, -1).every((one) => one.usage === null));
});

test("a stream shows a provider's pieces while they come, its reasoning apart, and counts what the provider counted", async () => {
  let provided: ServerResponse | null = null;
  plays.push((answer) => {
    provided = answer;
    answer.write(chunk({ reasoning_content: "Moon?" }) + chunk({ content: "It is " }));
  });
  const messages = [
    { role: "developer" as const, content: "Be short." },
    { role: "user" as const, content: [{ type: "text" as const, text: "Hello" }] },
    { role: "assistant" as const, content: "Hi" },
    ...ask("Why tides?"),
  ];
  const stream = await client.chat.completions.create({ model: "played", messages, stream: true, stream_options: { include_usage: true } });
  let text = "";
  let reasoning = "";
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const { choices, ...one } of stream) {
    usage = one.usage;
    const delta = choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined;
    reasoning += delta?.reasoning_content ?? "";
    text += delta?.content ?? "";
    // Only now does the provider say the rest.
    if (text === "It is ") (provided as ServerResponse | null)?.end(chunk({ content: "the moon." }) + finish);
  }
  assert.deepEqual([text, reasoning], ["It is the moon.", "Moon?"]);
  assert.deepEqual(usage, USAGE);
  const sent = asked.at(-1)?.["messages"] as { role: string; content: unknown }[];
  assert.deepEqual(
    sent.map(({ role, content }) => [role, typeof content === "string" ? content : (content as { text: string }[])[0]?.text]),
    [
      ["system", "Be short."],
      ["user", "Hello"],
      ["assistant", "Hi"],
      ["user", "Why tides?"],
    ],
  );
});

test("an attempt that fails after it has shown something is repeated unseen, where the next one says the same", async () => {
  const cut = playPiece("One and ");
  plays.push((answer) => answer.end(chunk({ content: "One " }) + chunk({ content: "and two." }) + finish));
  const { pieces, usage, id } = await streamed(ask("count"), "played", cut);
  assert.equal(pieces.join(""), "One and two.");
  assert.equal(usage?.total_tokens, (await runOf({ id }))?.totalTokens);
});

test("where the next attempt says something else, the stream ends with an error that names the run", async () => {
  const cut = playPiece("One");
  plays.push((answer) => answer.end(chunk({ content: "Two" }) + finish));
  const error = await refused(streamed(ask("count"), "played", cut));
  assert.equal(error.code, "run_unfinished");
  assert.match(error.message, /^Run [0-9a-f-]{36} ended with another answer than the part that was shown/);
});

test("a conversation goes in whole where Start takes messages; an answer that is no text is JSON", async () => {
  const answer = await client.chat.completions.create({ model: "whole", messages: [{ role: "system", content: "S" }, ...ask("U")] });
  const said = [
    { role: "system", content: "S" },
    { role: "user", content: "U" },
  ];
  assert.deepEqual(JSON.parse(answer.choices[0]?.message.content ?? ""), said);
  const { pieces } = await streamed(ask("U"), "whole");
  assert.deepEqual(JSON.parse(pieces.join("")), said.slice(1));
});

test("a run that failed is no answer, and is not asked for again; its reason and its run are told, streamed or not", async () => {
  const error = await refused(client.chat.completions.create({ model: "failing", messages: ask("x") }));
  assert.deepEqual([error.status, error.code, error.type], [422, "run_failed", "invalid_request_error"]);
  assert.match(error.message, /Run [0-9a-f-]{36} failed: (llm|missing)_\w+: /);
  const late = await refused(streamed(ask("x"), "failing"));
  assert.match(late.message, /Run [0-9a-f-]{36} failed: /);
  assert.equal(late.code, "run_failed");
});

test("the same Idempotency-Key and request are one run, streamed or not; another request is refused", async () => {
  const headers = { "Idempotency-Key": "chat-1" };
  const body = { model: "support", messages: ask(TEXT) };
  const first = await client.chat.completions.create(body, { headers });
  const { data: again, response } = await client.chat.completions.create(body, { headers }).withResponse();
  assert.deepEqual([again.id, response.headers.get("idempotent-replayed")], [first.id, "true"]);
  const chunks = await listOf(await client.chat.completions.create({ ...body, stream: true }, { headers }));
  assert.equal(chunks[0]?.id, first.id);
  assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join(""), first.choices[0]?.message.content);
  const other = await refused(client.chat.completions.create({ ...body, messages: ask("Other") }, { headers }));
  assert.deepEqual([other.status, other.code], [422, "idempotency_mismatch"]);
  assert.equal((await refused(client.chat.completions.create(body, { headers: { "Idempotency-Key": "x".repeat(256) } }))).status, 400);
});

test("what a workflow cannot do, and what is none, is refused in the words of these clients", async () => {
  const post = (more: JsonObject) => client.post("/chat/completions", { body: { model: "support", messages: ask("x"), ...more } });
  const cases: [JsonObject, number, string][] = [
    [{ model: "absent" }, 404, "not_found"],
    [{ model: "demanding" }, 400, "invalid_request"],
    [{ model: "broken" }, 400, "invalid_request"],
    [{ messages: [] }, 400, "invalid_request"],
    [{ messages: [{ role: "assistant", content: "x" }] }, 400, "invalid_request"],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] }] },
      400,
      "invalid_request",
    ],
    [{ n: 2 }, 400, "invalid_request"],
    [{ tools: [{ type: "function", function: { name: "f" } }] }, 400, "invalid_request"],
    [{ response_format: { type: "json_object" } }, 400, "invalid_request"],
    [{ user: "u".repeat(257) }, 400, "invalid_request"],
    [{ stream: "yes" }, 400, "invalid_request"],
    [{ messages: Array.from({ length: 1_001 }, () => ask("x")[0]) as JsonObject[] }, 400, "invalid_request"],
  ];
  for (const [more, status, code] of cases) {
    const error = await refused(post(more));
    assert.deepEqual([error.status, error.code], [status, code], JSON.stringify(more).slice(0, 200));
    assert.ok(error.message.length > 10);
  }
  const nulls = { stream: null, stream_options: null, user: null, n: null, tools: null, response_format: null };
  assert.ok(await post(nulls));
  assert.ok(
    await post({
      messages: Array.from({ length: 1_000 }, () => ask("x")[0]) as JsonObject[],
      tools: [],
      n: 1,
      response_format: { type: "text" },
    }),
  );
});

test("another client reads the same answers: the AI SDK's provider for compatible servers", async () => {
  const baseURL = `http://127.0.0.1:${server.port}/v1`;
  const model = createOpenAICompatible({ name: "millrace", baseURL, apiKey: key, includeUsage: true }).chatModel("support");
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: TEXT }] }];
  const { content, usage } = await model.doGenerate({ prompt });
  const [answer] = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const { stream } = await model.doStream({ prompt });
  let text = "";
  let total: number | undefined;
  for await (const part of stream) {
    if (part.type === "text-delta") text += part.delta;
    if (part.type === "finish") total = part.usage.outputTokens.total;
  }
  assert.deepEqual([text, total], [answer, usage.outputTokens.total]);
  const absent = createOpenAICompatible({ name: "millrace", baseURL, apiKey: key }).chatModel("absent");
  await assert.rejects(async () => absent.doGenerate({ prompt }), { message: "No such workflow.", statusCode: 404 });
});

test("without a key, or with another's, nothing is there; the body says it in both ways", async () => {
  const { status, json } = await server.call("POST", "/v1/chat/completions", { body: {} });
  assert.deepEqual([status, json["code"]], [401, 40127]);
  assert.deepEqual(json["error"], { message: json["message"], type: "authentication_error", param: null, code: "unauthorized" });
  const { key: other } = await server.publish({ ...support, name: "other" });
  const [foreign, absent] = await Promise.all(
    ["support", "absent"].map((model) => refused(openai(other).chat.completions.create({ model, messages: ask("x") }))),
  );
  assert.deepEqual(foreign?.error, absent?.error);
  const invoke = await server.call("POST", "/v1/workflow/invoke", { body: {} });
  assert.equal(Object.hasOwn(invoke.json, "error"), false);
});
