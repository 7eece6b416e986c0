import assert from "node:assert/strict";
import { test } from "node:test";
import { conversationOf } from "#pages/run/conversation.ts";

test("what a model was told and what it said, in this order", () => {
  const given = {
    system: "Be brief.",
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "", toolCalls: [{ id: "1", name: "look", input: { at: 1 } }] },
      { role: "tool", results: [{ id: "1", name: "look", output: "sun" }] },
    ],
    prompt: "And now?",
    files: { name: "a.png", format: "image/png", base64: "AAAA" },
  };
  assert.deepEqual(conversationOf(given, { text: "Sun.", reasoning: "It looks so.", toolCalls: [] }), [
    { role: "system", value: "Be brief." },
    { role: "user", value: "Hi" },
    { role: "assistant", what: "call", name: "look", value: { at: 1 } },
    { role: "tool", name: "look", value: "sun" },
    { role: "user", value: "And now?" },
    { role: "user", what: "file", value: "a.png" },
    { role: "assistant", what: "reasoning", value: "It looks so." },
    { role: "assistant", value: "Sun." },
  ]);
});

test("each step of an agent says, calls and is told", () => {
  const steps = [
    { text: "I look.", reasoning: null, tools: [{ name: "look", input: {}, output: "rain", isError: false }] },
    { text: "It rains.", reasoning: null, tools: [] },
  ];
  assert.deepEqual(
    conversationOf({ prompt: "Weather?" }, { text: "It rains.", steps }).map(({ role, what, value }) => [role, what, value]),
    [
      ["user", undefined, "Weather?"],
      ["assistant", undefined, "I look."],
      ["assistant", "call", {}],
      ["tool", undefined, "rain"],
      ["assistant", undefined, "It rains."],
    ],
  );
});

test("what is not there was not said", () => {
  assert.deepEqual(conversationOf({ prompt: "Hi", system: null }, undefined), [{ role: "user", value: "Hi" }]);
  assert.deepEqual(conversationOf(null, null), []);
});

test("of a choice the intents, the question and what was chosen; of an extraction what was asked for and what was read", () => {
  const intents = [
    { port: "a", text: "Refund" },
    { port: "b", text: "Other" },
  ];
  assert.deepEqual(conversationOf({ query: "Money back!", intents }, { intent: "Refund", index: 0, usage: {} }), [
    { role: "system", value: ["Refund", "Other"] },
    { role: "user", value: "Money back!" },
    { role: "assistant", value: "Refund" },
  ]);
  const schema = { type: "object", properties: { total: { type: "number" } } };
  assert.deepEqual(conversationOf({ text: "Total: 3", schema }, { total: 3, usage: {} }), [
    { role: "system", value: schema },
    { role: "user", value: "Total: 3" },
    { role: "assistant", value: { total: 3 } },
  ]);
});
