import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { listOf, objectOf } from "#flow/json";
import { bare, canonical, chain, exported, imported, refusals } from "#flow/testing/through-file";

const AGENT = {
  id: "a",
  type: "agent",
  name: "A",
  prompt: "{{ start.q }}",
  tools: [{ tool: "crm" }, { tool: "mail/send" }],
  onLimit: "answer",
};

test("an agent that uses collections of tools for ten rounds is an LLM node with plugins, and comes back", () => {
  const document = chain({ ...AGENT, maxSteps: 10, onToolError: "tell", output: "text" });
  const file = exported(document);
  const [, llm] = listOf(objectOf(file["workflow"])["workflowNodes"]).map(objectOf);
  assert.deepEqual(llm?.["type"], "LLM");
  assert.deepEqual(objectOf(llm?.["llmParam"])["plugins"], [{ pluginId: "crm" }, { pluginId: "mail/send" }]);
  const again = imported(file);
  assert.deepEqual(bare(again.nodes[1] as unknown as Json), { ...AGENT, prompt: '{{ start.q ?? "" }}', maxSteps: 10, outputs: {} });
  assert.equal(canonical(imported(exported(again))), canonical(again));
  // What says nothing of its limits makes as many calls.
  exported(chain(AGENT));
});

test("an agent that .flow has no word for is refused with what to write", () => {
  const limits = "/nodes/1: an LLM node of .flow uses tools 10 times and answers then: write maxSteps: 10 and onLimit: answer";
  const { onLimit: _, ...failing } = AGENT;
  assert.deepEqual(refusals(chain(failing)), [limits]);
  assert.deepEqual(refusals(chain({ ...AGENT, maxSteps: 3 })), [limits]);
  assert.deepEqual(refusals(chain({ ...AGENT, tools: [] })), [
    "/nodes/1/tools: without tools it is an LLM node of .flow: make it an llm node",
  ]);
  const other = "a plugin of .flow is a collection of tools, or one of them, and nothing else";
  assert.deepEqual(refusals(chain({ ...AGENT, tools: [{ tool: "crm" }, { knowledge: ["b"] }] })), [`/nodes/1/tools/1: ${other}`]);
  assert.deepEqual(refusals(chain({ ...AGENT, tools: [{ tool: "crm/get", name: "get" }] })), [`/nodes/1/tools/0: ${other}`]);
  assert.deepEqual(refusals(chain({ ...AGENT, maxCredits: 3, onToolError: "fail" })), [
    "/nodes/1/maxCredits: .flow has no place for it",
    "/nodes/1/onToolError: .flow has no place for it",
  ]);
});

test("what is understood of an llm node need not be said", () => {
  const schema = { type: "object", properties: { a: { type: ["string", "null"] } }, required: ["a"], additionalProperties: false };
  const outputs = { a: { type: "string", value: '{{ has(result.json, "a") ? result.json.a : result.json }}' } };
  const [, text, json] = imported(
    exported(chain({ id: "t", type: "llm", prompt: "x", output: "text" }, { id: "j", type: "llm", prompt: "x", schema, outputs })),
  ).nodes;
  assert.deepEqual([text?.["output"], json?.["output"], json?.["schema"]], [undefined, "json", schema]);
});
