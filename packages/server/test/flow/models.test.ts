import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { connectModels, MODEL } from "../models/harness.ts";

// The sample with model nodes, imported as it is, on a provider's wire: the server's default model is all that was set.

const USAGE = { prompt_tokens: 30, completion_tokens: 10, total_tokens: 40 };

let models: Awaited<ReturnType<typeof startModelServer>>;
let server: TestServer;
let key: string;
before(async () => {
  models = await startModelServer();
  server = await startTestServer({ settings: { egressAllow: new URL(models.url).host, defaultModel: MODEL } });
  await connectModels(server, models.url);
  const { key: admin } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const body = readFileSync(new URL("../../src/flow/testing/samples/intent-support-router.flow", import.meta.url));
  const imported = await server.call("POST", "/api/v1/import?publish=true", { key: admin, body });
  assert.equal(imported.status, 200, imported.text);
  ({ key } = await server.app.apiKeys.create("default", { workflows: ["intent_support_router"] }));
});
after(async () => {
  await server.close();
  await models.stop();
});

/** Answers intents with this number, and everything else with this text. */
function say(number: string, text: string): void {
  models.clearFixtures();
  models.on({ systemMessage: /These are intents/ }, { content: number, usage: USAGE });
  models.onMessage(/./, { content: text, usage: USAGE });
}

async function routed(message: string): Promise<JsonObject> {
  const { json, text } = await server.invoke(key, { input: { message, orderId: "A7" } });
  assert.equal(json["status"], "SUCCEED", text);
  return json;
}

test("the model's number chooses the branch, and the LLM node's answer is the output; both are counted", async () => {
  say("1", "unused");
  const order = await routed("xyzzy");
  assert.deepEqual([order["output"], order["totalTokens"]], [{ output: "Order A7 is being looked up." }, 40]);
  say("2", '{"reply":"We are on it.","urgent":true}');
  const refund = await routed("xyzzy");
  assert.deepEqual([refund["output"], refund["totalTokens"]], [{ output: "We are on it." }, 80]);
  say("3", "unused");
  assert.deepEqual((await routed("xyzzy"))["output"], { output: "A colleague will answer: xyzzy" });
});
