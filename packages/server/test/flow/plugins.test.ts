import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ExportAnswer, JsonObject } from "@millrace/contract";
import { startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { type AgentWorld, openAgentWorld, startToolServer, USAGE, using } from "../agent/harness.ts";
import { serveUntilKilled, untilEnded } from "../models/killed-server.ts";
import { importFile, importPlugin, type Operator, PLUGIN, pluginFlow } from "./plugins.ts";

// LLM nodes of .flow files with plugins: the model is offered the tools that this server has of their names, on a provider's wire.

const GET = `${PLUGIN}_getMember`;

let world: AgentWorld;
let operator: Operator;
before(async () => {
  world = await openAgentWorld();
  const { key } = await world.server.app.apiKeys.create("default", { scopes: ["admin"] });
  operator = { server: world.server, admin: key };
  await importPlugin(operator, world.tools.url);
});
after(() => world.close());
beforeEach(() => {
  world.models.clearRequests();
  world.models.clearFixtures();
  world.tools.asked.length = 0;
  world.tools.answers.clear();
  world.tools.answers.set("/members/7", { status: 200, body: { name: "Ada" } });
});

async function run(name: string): Promise<JsonObject> {
  const { key } = await operator.server.app.apiKeys.create("default", { workflows: [name] });
  return (await operator.server.invoke(key, { input: { q: "go" } })).json;
}

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools?: readonly { readonly function: JsonObject }[];
  readonly response_format?: JsonObject;
}

const asked = (): readonly Body[] => world.models.getRequests().map(({ body }) => body as unknown as Body);

test("a known plugin's tools are offered and used, an unknown one is dropped with a warning; the file comes through export", async () => {
  world.models.onTurn(0, "go", using([GET, { id: 7 }], [GET, { id: "x" }]));
  world.models.onTurn(1, "go", { content: "It is Ada.", usage: USAGE });
  const plugins = [{ pluginId: PLUGIN, note: "kept" }, { pluginId: "elsewhere" }];
  const file = pluginFlow("plugged", { systemPrompt: "Be brief.", plugins });
  const { warnings } = await importFile(operator, file);
  assert.deepEqual(
    warnings.map(({ code, path }) => [code, path]),
    [["MR_STRIPPED", "$.workflow.workflowNodes[1].llmParam.plugins[1]"]],
  );
  assert.match(warnings[0]?.message ?? "", /"elsewhere".*import them/);
  const ended = await run("plugged");
  assert.deepEqual(
    [ended["status"], ended["output"], ended["totalTokens"]],
    ["SUCCEED", { answer: "It is Ada." }, 22],
    JSON.stringify(ended),
  );
  assert.deepEqual(
    asked().map(({ tools = [] }) => tools.map((tool) => [tool.function["name"], tool.function["description"]])),
    Array(2).fill([
      [GET, "Reads a member."],
      [`${PLUGIN}_removeMember`, "Removes a member."],
    ]),
  );
  const told = asked()[1]?.messages.flatMap(({ role, content }) => (role === "tool" ? [content] : [])) ?? [];
  assert.equal(told[0], '{"name":"Ada"}');
  assert.match(told[1] ?? "", /^type_error: .*id/);
  assert.deepEqual(
    world.tools.asked.map(({ method, url, authorization }) => [method, url, authorization]),
    [["GET", "/members/7", "Bearer token-4711"]],
  );
  await comesBack("plugged", file, [{ pluginId: PLUGIN, note: "kept" }]);
});

/** The exported file is the imported one with these plugins, and imported again it is the same draft. */
async function comesBack(name: string, file: JsonObject, plugins: readonly JsonObject[]): Promise<void> {
  const draft = async () =>
    (await operator.server.call("GET", `/api/v1/workflows/${name}`, { key: operator.admin })).json["document"] as JsonObject;
  const before = await draft();
  assert.deepEqual(
    (before["nodes"] as JsonObject[]).map(({ type }) => type),
    ["start", "agent", "end"],
  );
  const answer = await operator.server.call("GET", `/api/v1/workflows/${name}/export?format=flow`, { key: operator.admin });
  assert.equal(answer.status, 200, answer.text);
  const { content, warnings } = answer.json as unknown as ExportAnswer;
  assert.deepEqual(warnings, []);
  const { exportTime: _, ...exported } = JSON.parse(content) as JsonObject;
  const expected = structuredClone(file) as unknown as { workflow: { workflowNodes: { llmParam: JsonObject }[] } };
  for (const node of expected.workflow.workflowNodes) if (node.llmParam) node.llmParam = { ...node.llmParam, plugins };
  assert.deepEqual(exported, expected);
  assert.deepEqual((await importFile(operator, exported)).warnings, []);
  assert.deepEqual(await draft(), before);
}

test("JSON: the final answer goes to the outputs by name, out of its fence; one that is none is sent back once", async () => {
  world.models.onTurn(0, "go", using([GET, { id: 7 }]));
  world.models.onTurn(1, "go", { content: "Ada, aged 36.", usage: USAGE });
  world.models.onMessage(/cannot be used/, { content: '```json\n{"name":"Ada","age":36}\n```', usage: USAGE });
  await importFile(operator, pluginFlow("pluggedJson", { responseFormat: "JSON" }, ["name", "age", "town"]));
  const ended = await run("pluggedJson");
  assert.deepEqual([ended["output"], ended["totalTokens"]], [{ name: "Ada", age: "36", town: null }, 33], JSON.stringify(ended));
  assert.deepEqual(
    asked().map(({ tools = [] }) => tools.length),
    [2, 2, 0],
  );
  assert.match(asked()[0]?.messages[0]?.content ?? "", /one JSON object/);
});

test("NATIVE: the schema of the outputs is told, and asked for by the provider's means where no tools are offered; twice wrong fails", async () => {
  world.models.onTurn(0, "go", using([GET, { id: 7 }]));
  world.models.onTurn(1, "go", { content: '{"name":7}', usage: USAGE });
  world.models.onMessage(/cannot be used/, { content: "Ada", usage: USAGE });
  await importFile(operator, pluginFlow("pluggedNative", { responseFormat: "NATIVE" }, ["name"]));
  const ended = await run("pluggedNative");
  assert.equal((ended["error"] as JsonObject)["type"], "llm_output_invalid", JSON.stringify(ended));
  assert.equal(ended["totalTokens"], 33);
  const schema = '{"type":"object","properties":{"name":{"type":["string","null"]}},"required":["name"],"additionalProperties":false}';
  assert.ok(asked().every(({ messages }) => messages[0]?.content.includes(schema)));
  assert.deepEqual(
    asked().map(({ response_format: format }) => format !== undefined),
    [false, false, true],
  );
});

test("after ten rounds of tools the model is asked for an answer without tools", async () => {
  world.models.onMessage(/^What the tools answered/, { content: "Enough.", usage: USAGE });
  world.models.onMessage("go", using([GET, { id: 7 }]));
  await importFile(operator, pluginFlow("pluggedLong", {}));
  const ended = await run("pluggedLong");
  assert.deepEqual([ended["output"], ended["totalTokens"]], [{ answer: "Enough." }, 121], JSON.stringify(ended));
  assert.equal(world.tools.asked.length, 10);
  assert.deepEqual(
    asked().map(({ tools = [] }) => tools.length),
    [...Array(10).fill(2), 0],
  );
});

test("a tool that fails is told to the model; a model that fails goes by the node's onError", async () => {
  world.tools.answers.set("/members/7", { status: 500, body: { error: "no" } });
  world.models.onTurn(0, "go", using([GET, { id: 7 }]));
  world.models.onTurn(1, "go", { content: "I could not look.", usage: USAGE });
  const millrace = { retry: { maxAttempts: 1 }, onError: { do: "continue" } };
  await importFile(operator, pluginFlow("pluggedFailing", {}, ["answer"], { millrace }));
  assert.deepEqual((await run("pluggedFailing"))["output"], { answer: "I could not look." });
  assert.match(asked()[1]?.messages.at(-1)?.content ?? "", /^http_500/);
  world.models.clearFixtures();
  world.models.nextRequestError(400, { message: "no", type: "invalid_request_error" });
  const ended = await run("pluggedFailing");
  assert.deepEqual([ended["status"], ended["output"]], ["SUCCEED", { answer: null }], JSON.stringify(ended));
});

test("a server that is killed between two rounds goes on with the next: no recorded call of the model or of a tool is made again", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-plugins-"));
  const [models, tools] = await Promise.all([startModelServer(), startToolServer()]);
  models.onTurn(0, "go", using([GET, { id: 7 }]));
  models.onTurn(1, "go", using([GET, { id: 8 }]));
  models.onTurn(2, "go", { content: "Both.", usage: USAGE });
  let server: TestServer | null = null;
  try {
    const program = fileURLToPath(new URL("./killed-plugins.ts", import.meta.url));
    const [key = "", runId = ""] = await serveUntilKilled(program, "step.afterRecord[2]:kill", [dataDir, models.url, tools.url]);
    server = await startTestServer({ dataDir, settings: { egressAllow: `${new URL(models.url).host},${new URL(tools.url).host}` } });
    const ended = await untilEnded(server, key, runId);
    assert.deepEqual([ended["status"], ended["output"], ended["totalTokens"]], ["SUCCEED", { answer: "Both." }, 33], JSON.stringify(ended));
    assert.equal(models.getRequests().length, 3);
    assert.deepEqual(
      tools.asked.map(({ url }) => url),
      ["/members/7", "/members/8"],
    );
  } finally {
    await server?.close();
    tools.close();
    await models.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
