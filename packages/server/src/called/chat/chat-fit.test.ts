import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { answerText, chatFit } from "#called/chat/chat-fit";

const text = { type: "string" };
const list = { type: "array" };
const fitOf = (properties: JsonObject, required: readonly string[] = []) => chatFit({ type: "object", properties, required }, [], []);

test("a Start node fits that takes a text, or the conversation, and requires nothing else", () => {
  const fits = (properties: JsonObject, required: readonly string[] = []) => {
    const fit = fitOf(properties, required);
    return fit && [fit.text, fit.conversation];
  };
  assert.deepEqual(fits({ query: text, message: text }, ["message"]), ["message", null]);
  assert.deepEqual(fits({ prompt: text, history: list, extra: {} }, ["prompt", "history"]), ["prompt", "history"]);
  assert.deepEqual(fits({ messages: list }), [null, "messages"]);
  assert.equal(fits({ history: list }), null);
  assert.equal(fits({ topic: text }), null);
  assert.equal(fits({ message: text, topic: text }, ["topic"]), null);
  for (const other of [{ type: "number" }, { "x-file": "doc" }, { type: "string", enum: ["a"] }, true, { type: ["string", "null"] }])
    assert.equal(fits({ message: other }), null);
});

test("the nodes that are shown are llm nodes whose text is the answer, and all of it", () => {
  const nodes = [
    { id: "a", type: "llm" },
    { id: "b", type: "llm" },
    { id: "c", type: "template" },
  ];
  const shown = (...ends: JsonObject[]) => [...(chatFit({ properties: { text } }, nodes, ends)?.shown ?? [])];
  assert.deepEqual(shown({ text: "{{ a.text }}" }, { output: { reply: "{{b.text}}", more: 1 } }), ["a", "b"]);
  assert.deepEqual(shown({ text: "So: {{ a.text }}" }, { text: "{{ c.text }}" }, { output: { x: 1, y: "{{ a.text }}" } }), []);
  assert.deepEqual(shown({ output: "{{ a.text }}" }, { text: "{{ a.json }}" }), []);
});

test("the answer is the only member, or the first that is named like one, or everything", () => {
  assert.equal(answerText({ anything: "a" }), "a");
  assert.equal(answerText({ more: 1, answer: "b" }), "b");
  assert.equal(answerText({ response: "c", output: "d" }), "d");
  assert.equal(answerText({ x: 1, y: 2 }), '{"x":1,"y":2}');
  assert.equal(answerText({ only: null }), "");
  assert.equal(answerText({}), "{}");
});
