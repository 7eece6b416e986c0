import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { document, start } from "#testing/workflows";
import { MODEL } from "../models/harness.ts";
import { untilEnded } from "../models/killed-server.ts";
import { EventStream } from "../wire/event-stream.ts";
import { type AgentWorld, agentFlow, openAgentWorld, posting, USAGE, using } from "./harness.ts";

// The agent through HTTP: against a model server of another make and a server of tools, and on the offline model.

let world: AgentWorld;
before(async () => {
  world = await openAgentWorld();
});
after(() => world.close());
beforeEach(() => {
  world.models.clearRequests();
  world.models.clearFixtures();
  world.tools.asked.length = 0;
  world.tools.answers.clear();
  world.tools.noticed = () => undefined;
  world.tools.closed = () => undefined;
});

async function run(name: string, node: JsonObject, text = "go"): Promise<JsonObject> {
  const { key } = await world.server.publish(agentFlow(name, node));
  return (await world.server.invoke(key, { input: { text } })).json;
}

const resultOf = (ended: JsonObject) => {
  assert.equal(ended["status"], "SUCCEED", JSON.stringify(ended));
  return (ended["output"] as { result: JsonObject }).result;
};

interface Message {
  readonly role: string;
  readonly content: string;
}

/** The messages of each request to the model. */
const asked = () => world.models.getRequests().map(({ body }) => (body as unknown as { messages: readonly Message[] }).messages);
const toldByTools = (messages: readonly Message[] | undefined) =>
  messages?.filter(({ role }) => role === "tool").map(({ content }) => content);

test("tools that are used together are used at once, and the model is told what each of them answered", async () => {
  // Neither is answered before both have been asked.
  const both = Promise.withResolvers<void>();
  world.tools.noticed = () => {
    if (world.tools.asked.length === 2) both.resolve();
    return both.promise;
  };
  world.models.onTurn(0, "go", using(["one", { what: "a" }], ["two", { what: "b" }]));
  world.models.onTurn(1, "go", { content: "Both.", usage: USAGE });
  const ended = await run("parallel", { tools: [posting(world.tools.url, "one"), posting(world.tools.url, "two")] });
  const { text, toolCalls, usage } = resultOf(ended);
  assert.equal(text, "Both.");
  assert.deepEqual(
    (toolCalls as JsonObject[]).map(({ name, isError }) => [name, isError]),
    [
      ["one", false],
      ["two", false],
    ],
  );
  assert.deepEqual(toldByTools(asked()[1]), ['{"done":"/one"}', '{"done":"/two"}']);
  assert.deepEqual([(usage as JsonObject)["inputTokens"], ended["totalTokens"]], [20, 22]);
});

test("the credential of a connection goes to its host, and nowhere else: no model, no result and no event has it", async () => {
  const SECRET = "sk-tool-canary-4417";
  const body = { baseUrl: world.tools.url, credential: { type: "bearer", value: SECRET } };
  const put = await world.house.manage("PUT", "/connections/shop", body);
  assert.equal(put.status, 200, put.text);
  world.tools.answers.set("/stock/tea", { status: 200, body: { token: SECRET, left: 3 } });
  world.models.onTurn(0, "go", using(["stock", { item: "tea" }]));
  world.models.onTurn(1, "go", { content: "Three.", usage: USAGE });
  const parameters = { type: "object", properties: { item: { type: "string" } }, required: ["item"] };
  const stock = { name: "stock", description: "What is left.", parameters, http: { connection: "shop", url: "stock/{item}" } };
  const { key } = await world.server.publish(agentFlow("shopping", { tools: [stock] }));
  const { json } = await world.server.invoke(key, { input: { text: "go" }, isAsync: true });
  const events = await (await EventStream.open(world.server, String(json["workflowRunId"]), { key })).read();
  assert.deepEqual(
    world.tools.asked.map(({ authorization }) => authorization),
    [`Bearer ${SECRET}`],
  );
  const trace = await world.house.manage("GET", `/runs/${String(json["workflowRunId"])}`);
  assert.deepEqual(toldByTools(asked()[1]), ['{"token":"***","left":3}']);
  for (const seen of [JSON.stringify(world.models.getRequests()), JSON.stringify(events), trace.text]) {
    assert.ok(seen.includes("tea") && !seen.includes(SECRET), seen);
  }
});

test("a workflow is a tool; each use is a run of its own, and what it costs is counted once, with the agent", async () => {
  const part = document(
    "lookUp",
    [
      start({ city: { type: "string", description: "Where." } }, ["city"]),
      { id: "ask", type: "llm", model: MODEL, prompt: "inner {{ start.city }}" },
      { id: "end", type: "end", output: { found: "{{ ask.text }}" } },
    ],
    ["start -> ask", "ask -> end"],
    { description: "Looks a city up." },
  );
  await world.server.publish(part);
  world.models.onMessage("inner", { content: "A city.", usage: USAGE });
  world.models.onTurn(0, "go", using(["lookUp", { city: "Oslo" }], ["lookUp", { city: "Rome" }], ["lookUp", {}]));
  world.models.onTurn(1, "go", { content: "Two cities.", usage: USAGE });
  const ended = await run("travelling", { tools: [{ workflow: "lookUp" }] });
  const { toolCalls, steps } = resultOf(ended);
  assert.deepEqual(
    (toolCalls as JsonObject[]).map(({ isError }) => isError),
    [false, false, true],
  );
  const [{ tools }] = steps as unknown as readonly [{ tools: readonly JsonObject[] }];
  assert.deepEqual(tools[0]?.["output"], { found: "A city." });
  assert.match(String(tools[2]?.["output"]), /^type_error: lookUp: .*city/);
  assert.equal(ended["totalTokens"], 44);
  const { tools: offered } = (world.models.getRequests()[0]?.body ?? {}) as unknown as { tools: readonly { function: JsonObject }[] };
  assert.deepEqual([offered[0]?.function["name"], offered[0]?.function["description"]], ["lookUp", "Looks a city up."]);
  const { json } = await world.house.manage("GET", "/runs?limit=100");
  const called = (json["data"] as JsonObject[]).filter(({ workflowName }) => workflowName === "lookUp");
  assert.equal(called.length, 2);
});

test("an attempt after a failed one goes on where that was: no call of a model and no use of a tool is made again", async () => {
  world.tools.noticed = () => void world.models.nextRequestError(429, { message: "later", type: "rate_limit" });
  world.models.onTurn(0, "go", using(["charge", { what: "ann" }]));
  world.models.onTurn(1, "go", { content: "Charged.", usage: USAGE });
  const retry = { maxAttempts: 2, initialMs: 1, maxMs: 1 };
  const ended = await run("again", { retry, tools: [posting(world.tools.url, "charge")] });
  assert.equal(resultOf(ended)["text"], "Charged.");
  assert.equal(world.tools.asked.length, 1);
  const turns = asked().map((messages) => messages.filter(({ role }) => role === "assistant").length);
  assert.deepEqual([turns.filter((turn) => turn === 0).length, ended["totalTokens"]], [1, 22]);
});

test("each call of the model passes the budgets: one that is used up ends the agent before the next", async () => {
  await world.house.manage("PUT", `/prices/${encodeURIComponent(MODEL)}`, { price: { input: "1000000", output: "0" } });
  const { id, key } = await world.server.publish(agentFlow("spending", { tools: [posting(world.tools.url, "one")] }));
  const put = await world.house.manage("PUT", "/budgets", { workflow: id, period: "total", credits: "15" });
  assert.equal(put.status, 200, put.text);
  world.models.onMessage("go", using(["one", { what: "more" }]));
  const { json } = await world.server.invoke(key, { input: { text: "go" } });
  assert.equal((json["error"] as JsonObject)["type"], "out_of_credits", JSON.stringify(json));
  assert.deepEqual([json["totalCost"], world.models.getRequests().length, world.tools.asked.length], [20, 2, 2]);
  await world.house.manage("DELETE", `/prices/${encodeURIComponent(MODEL)}`);
});

test("a cancelled run closes what its agent waits for, and nothing of it goes on", async () => {
  const arrived = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  world.tools.closed = closed.resolve;
  world.tools.noticed = () => {
    arrived.resolve();
    return closed.promise;
  };
  world.models.onTurn(0, "go", using(["one", { what: "x" }]));
  const { key } = await world.server.publish(agentFlow("cancelled", { tools: [posting(world.tools.url, "one")] }));
  const { json } = await world.server.invoke(key, { input: { text: "go" }, isAsync: true });
  await arrived.promise;
  const body = { workflowRunId: json["workflowRunId"] };
  const cancelled = await world.server.call("POST", "/v1/workflow/run/cancel", { key, body });
  assert.ok(cancelled.status < 300, cancelled.text);
  await closed.promise;
  const ended = await untilEnded(world.server, key, json["workflowRunId"]);
  assert.equal((ended["error"] as JsonObject)["type"], "cancelled");
  assert.deepEqual([world.models.getRequests().length, ended["totalTokens"]], [1, 11]);
});

test("a final answer is shown piece by piece, and is the result", async () => {
  world.models.onTurn(0, "go", using(["one", { what: "x" }]));
  world.models.onTurn(1, "go", { content: "It is done, all of it.", usage: USAGE });
  const { key } = await world.server.publish(agentFlow("shown", { tools: [posting(world.tools.url, "one")] }));
  const { json } = await world.server.invoke(key, { input: { text: "go" }, isAsync: true });
  const events = await (await EventStream.open(world.server, String(json["workflowRunId"]), { key })).read();
  const finished = events.find(({ event, data }) => event === "node.finished" && data["nodeId"] === "agent");
  assert.equal(((finished?.data["output"] ?? {}) as JsonObject)["text"], "It is done, all of it.");
  const shown = events.filter(({ event }) => event === "node.delta").map(({ data }) => String(data["text"]));
  assert.ok("It is done, all of it.".endsWith(shown.join("")), JSON.stringify(shown));
});

test("offline: the model uses the tool that the question's words name, and answers from what that found", async () => {
  const base = await world.house.makeBase("handbook");
  await world.house.add(base, {
    name: "rules.md",
    text: "Holidays: everybody has five weeks of holidays a year.\n\nThe office opens at nine.",
  });
  const knowledge = { knowledge: ["handbook"], description: "Finds what the handbook says of holidays and hours." };
  const node = { model: "offline/extractive", tools: [knowledge, posting(world.tools.url, "charge")] };
  const result = resultOf(await run("offlineAgent", node, "How many weeks of holidays does the handbook give?"));
  assert.match(String(result["text"]), /five weeks/);
  assert.deepEqual(
    (result["toolCalls"] as JsonObject[]).map(({ name }) => name),
    ["search_knowledge"],
  );
  const schema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
  const structured = resultOf(await run("offlineJson", { ...node, schema }, "How many weeks of holidays does the handbook give?"));
  assert.match(String((structured["json"] as JsonObject)["text"]), /five weeks/);
  assert.equal(world.models.getRequests().length, 0);
});
