import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { type JsonObject, OFFLINE_MODEL } from "@millrace/contract";
import { KEY } from "#testing/model-server";
import { document, start } from "#testing/workflows";
import { EventStream } from "../wire/event-stream.ts";
import { MODEL, type ModelWorld, openModelWorld } from "./harness.ts";

// llm, intent and extract, through HTTP: against a model server of another make, and on the offline model.

let world: ModelWorld;
before(async () => {
  world = await openModelWorld();
});
after(() => world.close());
beforeEach(() => {
  world.models.clearRequests();
  world.models.clearFixtures();
});

const USAGE = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };

/** start → the node `ask` → end, whose output is all of the node's fields. */
const asking = (name: string, node: JsonObject) =>
  document(
    name,
    [start({ text: { type: "string" } }), { id: "ask", ...node }, { id: "end", type: "end", output: { result: "{{ ask }}" } }],
    ["start -> ask", "ask -> end"],
  );

async function run(name: string, node: JsonObject, text: string): Promise<JsonObject> {
  const { key } = await world.server.publish(asking(name, node));
  return (await world.server.invoke(key, { input: { text } })).json;
}

const resultOf = ({ output }: JsonObject) => (output as { result: JsonObject }).result;

test("llm: the model's answer, its reasoning apart, and the tokens that it counted", async () => {
  world.models.onMessage("river", { content: "It flows.", reasoning: "Rivers flow.", usage: USAGE });
  const ended = await run("river", { type: "llm", model: MODEL, prompt: "{{ start.text }}" }, "What does a river do?");
  assert.equal(ended["status"], "SUCCEED", JSON.stringify(ended));
  const { text, reasoning, finishReason, model, json, usage } = resultOf(ended);
  assert.deepEqual([text, reasoning, finishReason, model, json], ["It flows.", "Rivers flow.", "stop", MODEL, null]);
  assert.deepEqual([(usage as JsonObject)["inputTokens"], (usage as JsonObject)["outputTokens"]], [20, 5]);
  assert.equal(ended["totalTokens"], 25);
});

test("llm: pieces of a streamed answer are shown as they come, with no key of the connection in them", async () => {
  const content = `The river is long, and the key ${KEY} is not shown.`;
  world.models.onMessage("river", { content, usage: USAGE });
  const { key } = await world.server.publish(asking("streamed", { type: "llm", model: MODEL, prompt: "A river" }));
  const { json } = await world.server.invoke(key, { input: {}, isAsync: true });
  const events = await (await EventStream.open(world.server, String(json["workflowRunId"]), { key })).read();
  const finished = events.find(({ event, data }) => event === "node.finished" && data["nodeId"] === "ask");
  const { text: whole } = (finished?.data["output"] ?? {}) as JsonObject;
  assert.equal(whole, content.replace(KEY, "***"));
  for (const { text } of events) assert.ok(!text.includes(KEY.slice(4)), text);
});

const WEATHER = {
  name: "weather",
  description: "The weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
};

for (const [provider, model] of [
  ["provider", MODEL],
  ["offline", OFFLINE_MODEL],
] as const)
  test(`llm: tools are offered, and what a workflow makes of the call goes back to the model (${provider})`, async () => {
    const call = { name: "weather", arguments: '{"city":"Bern"}', id: "call_1" };
    world.models.on({ hasToolResult: false }, { toolCalls: [call], usage: USAGE });
    world.models.on({ hasToolResult: true }, { content: "Grey skies in Bern.", usage: USAGE });
    const { key } = await world.server.publish(
      document(
        `tools-${provider}`,
        [
          start({ text: { type: "string" } }),
          { id: "ask", type: "llm", model, prompt: "{{ start.text }}", tools: [WEATHER] },
          { id: "look", type: "template", text: "Grey skies in {{ ask.toolCalls[0].input.city }}." },
          {
            id: "answer",
            type: "llm",
            model,
            tools: [WEATHER],
            messages: [
              { role: "user", content: "{{ start.text }}" },
              { role: "assistant", content: "{{ ask.text }}", toolCalls: "{{ ask.toolCalls }}" },
              { role: "tool", results: [{ id: "{{ ask.toolCalls[0].id }}", name: "weather", output: { sky: "{{ look.text }}" } }] },
            ],
          },
          {
            id: "end",
            type: "end",
            output: { called: "{{ ask.toolCalls }}", finish: "{{ ask.finishReason }}", text: "{{ answer.text }}" },
          },
        ],
        ["start -> ask", "ask -> look", "look -> answer", "answer -> end"],
      ),
    );
    const { json } = await world.server.invoke(key, { input: { text: "What is the weather? city: Bern" } });
    assert.equal(json["status"], "SUCCEED", JSON.stringify(json));
    const { called, finish, text } = json["output"] as { called: JsonObject[]; finish: string; text: string };
    assert.deepEqual(
      [called.map(({ id: _, ...rest }) => rest), finish],
      [[{ name: "weather", input: { city: "Bern" }, problems: [] }], "tools"],
    );
    assert.match(text, /Grey skies in Bern/);
    if (provider === "provider") assert.equal(json["totalTokens"], 2 * USAGE.total_tokens);
  });

test("llm: JSON that does not fit is repaired once; both calls are counted", async () => {
  world.models.onMessage("cannot be used", { content: '{"city":"Oslo"}', usage: USAGE });
  world.models.onMessage("capital", { content: '{"city":7}', usage: USAGE });
  const ended = await run("repaired", { type: "llm", model: MODEL, prompt: "{{ start.text }}", schema: SCHEMA }, "The capital of Norway?");
  assert.equal(ended["status"], "SUCCEED", JSON.stringify(ended));
  assert.deepEqual(resultOf(ended)["json"], { city: "Oslo" });
  assert.equal(ended["totalTokens"], 50);
  assert.equal(world.models.getRequests().length, 2);
});

test("llm: a second useless answer fails the run with llm_output_invalid, and what both cost counts", async () => {
  world.models.onMessage(/./, { content: "Oslo", usage: USAGE });
  const ended = await run("useless", { type: "llm", model: MODEL, prompt: "{{ start.text }}", output: "json" }, "The capital?");
  assert.equal((ended["error"] as JsonObject)["type"], "llm_output_invalid", JSON.stringify(ended));
  assert.equal(ended["totalTokens"], 50);
});

test("intent: the model's number takes the port; useless twice takes the fallback", async () => {
  const intents = [
    { port: "refund", text: "Wants money back" },
    { port: "other", text: "Other" },
  ];
  const flow = document(
    "routed",
    [
      start({ text: { type: "string" } }),
      { id: "route", type: "intent", model: MODEL, query: "{{ start.text }}", intents },
      { id: "refund", type: "template", text: "refund" },
      { id: "other", type: "template", text: "other" },
      { id: "end", type: "end", output: { to: "{{ refund.text ?? other.text }}", index: "{{ route.index }}" } },
    ],
    ["start -> route", "route.refund -> refund", "route.other -> other", "refund -> end", "other -> end"],
  );
  const { key } = await world.server.publish(flow);
  world.models.onMessage("money", { content: "1", usage: USAGE });
  world.models.onMessage(/hm|number/, { content: "I cannot say.", usage: USAGE });
  const routed = async (text: string) => (await world.server.invoke(key, { input: { text } })).json;
  const refund = await routed("my money");
  assert.deepEqual([refund["output"], refund["totalTokens"]], [{ to: "refund", index: 0 }, 25], JSON.stringify(refund));
  const other = await routed("hm");
  assert.deepEqual([other["output"], other["totalTokens"]], [{ to: "other", index: 1 }, 50], JSON.stringify(other));
});

test("extract: the schema's properties are fields, from a provider and from the offline model alike", async () => {
  const schema = { type: "object", properties: { number: { type: "string" }, total: { type: ["number", "null"] } }, required: ["number"] };
  world.models.onMessage("Invoice", { content: '{"number":"A-7","total":12.5}', usage: USAGE });
  const node = { type: "extract", text: "{{ start.text }}", schema };
  const mail = "Number: A-7\nTotal: 12.50\nInvoice";
  const asked = resultOf(await run("extracted", { ...node, model: MODEL }, mail));
  const offline = resultOf(await run("extractedOffline", node, mail));
  for (const { number, total } of [asked, offline]) assert.deepEqual([number, total], ["A-7", 12.5]);
  assert.equal(world.models.getRequests().length, 1);
});

test("a refused key and an unknown model fail the node with their own types", async () => {
  world.models.nextRequestError(401, { message: "bad key", type: "invalid_api_key" });
  const refused = await run("refused", { type: "llm", model: MODEL, prompt: "x" }, "");
  assert.equal((refused["error"] as JsonObject)["type"], "llm_auth", JSON.stringify(refused));
  const unknown = await run("unknown", { type: "llm", model: "offline/gpt-9", prompt: "x" }, "");
  assert.equal((unknown["error"] as JsonObject)["type"], "llm_unavailable", JSON.stringify(unknown));
});
